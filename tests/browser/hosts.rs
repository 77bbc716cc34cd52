//! The site on its hosts: on nginx, Caddy and a server of S3's API, and on servers that behave like GitHub Pages and
//! Cloudflare Pages.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode, utf8_percent_encode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use testkit::sites::build_with_options;
use testkit::{Browser, DESKTOP, Engine, in_every_engine};

in_every_engine!(
    nginx_serves_the_site_as_the_configuration_says,
    caddy_serves_the_site_as_the_configuration_says,
    on_s3_every_address_opens,
    on_github_pages_every_address_opens_and_stays[sampled],
    on_cloudflare_pages_every_address_opens_and_headers_are_sent,
    where_a_host_ignores_range_whole_files_are_searched,
    where_a_host_ignores_range_the_newest_season_of_a_large_archive_is_searched,
);

const STORY: &str = "emnews/2026/03/02/202603020823007919.html";
/// Old and new addresses without a file, and a selector for what each shows.
const ADDRESSES_WITHOUT_FILES: [(&str, &str); 5] = [
    ("category/emnews.html", ".headline"),
    ("quote/1.000001", "img.chart"),
    ("tag/shipping", ".headline"),
    ("archive/2026/05/26", ".headline"),
    ("EMNEWS/other/2026/03/03/202603020823007919.html", "article.story"),
];

/// Names of pictures with what has a meaning in addresses, and with letters that can be written in two ways.
const PICTURES: [&str; 8] = ["a b", "100%", "50%25", "c#1", "d+e", "it's", "港口", "cafe\u{301} caf\u{e9}"];

/// A server process that ends with the test.
struct Server {
    child: Child,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts a server and waits until its port accepts connections.
    async fn start(command: &mut Command, port: u16) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the server starts");
        let mut server = Self { child };
        while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            if server.child.try_wait().unwrap().is_some() {
                let output: Vec<String> = server
                    .child
                    .stderr
                    .take()
                    .map(|output| BufReader::new(output).lines().map_while(Result::ok).collect())
                    .unwrap_or_default();
                panic!("the server ended: {}", output.join("\n"));
            }
            tokio::task::yield_now().await;
        }
        server
    }
}

/// A site for a host, in a sub-folder or at the root.
struct Site {
    folder: tempfile::TempDir,
    base: &'static str,
}

impl Site {
    fn build_for(host: &str, base: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let site = Self { folder, base };
        let url = format!("https://news.example{base}");
        let posts = site.folder.path().join("posts");
        testkit::folder::copy(&testkit::setup::sample_posts(), &posts);
        let svg =
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>";
        let mut story = "---\nlayout: post\ntitle: Names\ncategories: names\n---\n".to_owned();
        for name in PICTURES {
            put(&posts, &format!("pictures/{name}.svg"), svg.as_bytes());
            story += &format!(
                "![]({}.svg)\n",
                percent_encode(format!("pictures/{name}").as_bytes(), NON_ALPHANUMERIC)
            );
        }
        put(&posts, "_posts/2026-05-01-names.md", story.as_bytes());
        build_with_options(&posts, &site.path(), &["--host", host, "--base-url", &url, "--precompress"]);
        site
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// The path of the configuration that the builder writes next to the site.
    fn configuration_path(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("site.{name}"))
    }
}

fn put(folder: &Path, path: &str, bytes: &[u8]) {
    let file = folder.join(path);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, bytes).unwrap();
}

async fn free_port() -> u16 {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port()
}

/// A host's response to `fetch` in one of its own pages.
async fn response(browser: &Browser, path: &str) -> Value {
    let script = "const [path, done] = arguments;
        fetch(path, { redirect: 'manual', cache: 'no-store' }).then(async r => done({ status: r.status, text: (await r.text()).slice(0, 4000), ...Object.fromEntries(r.headers) }))";
    browser.client.execute_async(script, vec![json!(path)]).await.unwrap()
}

/// Checks everything that a host with headers and rewrites must do.
async fn check_all(engine: Engine, origin: &str, site: &Site) {
    let browser = Browser::open(engine, DESKTOP).await;
    let root = format!("{origin}{}", site.base);
    assert!(check_pages_open(&browser, &root, site).await, "no part of a file was sent");
    let page = response(&browser, site.base).await;
    let policy = page["content-security-policy"].as_str().unwrap_or_default();
    assert!(
        policy.contains("script-src 'self' 'wasm-unsafe-eval'") && policy.contains("frame-ancestors 'self'"),
        "{page}"
    );
    assert_eq!(page["x-content-type-options"], "nosniff");
    assert_eq!(page["referrer-policy"], "no-referrer");
    assert_eq!(page["cache-control"], "no-cache");
    for (path, _) in ADDRESSES_WITHOUT_FILES {
        assert_eq!(response(&browser, &format!("{}{path}", site.base)).await["status"], 200, "{path}");
    }
    let script = browser.attribute("script[type=module]", "src").await;
    let script = response(&browser, &format!("{}{script}", site.base)).await;
    assert_eq!(script["cache-control"], "public, max-age=31536000, immutable");
    assert!(script["content-type"].as_str().unwrap().contains("javascript"));
    assert!(["br", "gzip"].contains(&script["content-encoding"].as_str().unwrap_or_default()), "{script}");
    let wasm = std::fs::read_dir(site.path().join("assets"))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap());
    let wasm = wasm.into_iter().find(|name| name.starts_with("viewer-") && name.ends_with(".wasm")).unwrap();
    assert_eq!(
        response(&browser, &format!("{}assets/{wasm}", site.base)).await["content-type"],
        "application/wasm"
    );
    let manifest = response(&browser, &format!("{}bundle/manifest.json", site.base)).await;
    assert_eq!(manifest["cache-control"], "no-cache");
    assert_eq!(manifest["access-control-allow-origin"], "*");
    // Files that pages of other origins read or frame.
    let pinned =
        std::fs::read_dir(site.path()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let pinned =
        pinned.into_iter().find(|name| name.starts_with("widget-") && name.ends_with(".js")).unwrap();
    for (path, caching) in [
        ("widget.js", "max-age=3600"),
        (pinned.as_str(), "immutable"),
        ("embed/", "no-cache"),
        ("embed/oembed.json", "no-cache"),
    ] {
        let shared = response(&browser, &format!("{}{path}", site.base)).await;
        assert_eq!(
            (&shared["status"], &shared["access-control-allow-origin"]),
            (&json!(200), &json!("*")),
            "{path}"
        );
        assert!(shared["cache-control"].as_str().unwrap().contains(caching), "{path}: {shared}");
        let policy = shared["content-security-policy"].as_str().unwrap_or_default();
        assert!(
            !policy.contains("frame-ancestors")
                && (path != "embed/" || policy.contains("script-src 'self' https://news.example")),
            "{path}: {policy}"
        );
    }
    // For missing or private files, the host answers with the status 404, not with a page.
    for gone in [
        format!("bundle/shards/{}.json", "0".repeat(64)),
        "widget-0123456789abcdef.js".to_owned(),
        ".finews.json".to_owned(),
    ] {
        let answer = response(&browser, &format!("{}{gone}", site.base)).await;
        assert_eq!(answer["status"], 404, "{gone}");
        // Pages of other origins may read the status. Caches must not keep the answer for good, because the
        // file may appear later.
        assert!(gone.starts_with('.') || answer["access-control-allow-origin"] == "*", "{gone}: {answer}");
        assert!(
            !answer["cache-control"].as_str().unwrap_or_default().contains("immutable"),
            "{gone}: {answer}"
        );
    }
    // A folder's address without a final slash redirects, because relative addresses depend on the slash.
    // `fetch` shows redirects as status 0.
    let frame = response(&browser, &format!("{}embed", site.base)).await;
    assert_eq!(frame["status"], 0, "{frame}");
    browser.close().await;
}

/// Opens addresses that have a file and addresses that have none. Pictures show, whatever their names are.
/// Returns whether the host sends parts of files.
async fn check_pages_open(browser: &Browser, root: &str, site: &Site) -> bool {
    for (path, ready) in [("", ".headline"), (STORY, "article.story"), ("emnews/", ".headline")]
        .into_iter()
        .chain(ADDRESSES_WITHOUT_FILES)
    {
        browser.goto(&format!("{root}{path}")).await;
        browser.until(&format!("document.querySelector({ready:?})")).await;
    }
    browser.goto(&format!("{root}names/2026/05/01/names.html")).await;
    let shown =
        "[...document.querySelectorAll('.body img')].filter(picture => picture.naturalWidth === 9).length";
    browser.until(&format!("{shown} === {}", PICTURES.len())).await;
    check_search(browser, root, site).await
}

/// Searches, and returns whether the host has sent parts of files.
async fn check_search(browser: &Browser, root: &str, site: &Site) -> bool {
    browser.goto(&format!("{root}search/?q=证券")).await;
    browser.until("document.querySelector('main')?.dataset.search").await;
    let found = browser
        .script(
            "const { search, total } = document.querySelector('main').dataset;
             return [search, Number(total) > 0, document.querySelectorAll('.results .headline .title a').length > 0]",
        )
        .await;
    assert_eq!(found, json!(["done", true, true]), "{root}");
    let mut files = testkit::folder::files(&site.path()).into_keys();
    let terms = files.find(|file| file.ends_with("-t0.bin")).expect("a file of terms");
    let asked = "const [file, done] = arguments;
        fetch(new URL(file, document.baseURI), { headers: { range: 'bytes=4-7' }, cache: 'no-store' })
            .then(response => response.arrayBuffer().then(bytes => done(response.status === 206 && bytes.byteLength === 4)))";
    browser.client.execute_async(asked, vec![json!(terms)]).await.unwrap() == true
}

async fn nginx_serves_the_site_as_the_configuration_says(engine: Engine) {
    for base in ["/", "/finews/"] {
        let site = Site::build_for("nginx", base);
        let port = free_port().await;
        let written = std::fs::read_to_string(site.configuration_path("nginx.conf")).unwrap();
        let written = written.replace("listen 80;", &format!("listen 127.0.0.1:{port};"));
        let folder = site.folder.path().display();
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .iter()
            .map(|name| format!("{name}_temp_path {folder}/{name};\n"))
            .collect();
        let main = format!(
            "daemon off; user root; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}\nhttp {{ include /etc/nginx/mime.types; access_log off; {temporary}{written} }}\n"
        );
        let conf = site.folder.path().join("main.conf");
        std::fs::write(&conf, main).unwrap();
        let _nginx = Server::start(Command::new("nginx").args(["-e", "stderr", "-c"]).arg(&conf), port).await;
        check_all(engine, &format!("http://127.0.0.1:{port}"), &site).await;
    }
}

async fn caddy_serves_the_site_as_the_configuration_says(engine: Engine) {
    for base in ["/", "/finews/"] {
        let site = Site::build_for("caddy", base);
        let (port, admin) = (free_port().await, free_port().await);
        let written = std::fs::read_to_string(site.configuration_path("Caddyfile")).unwrap();
        let written = written.replace("\nnews.example {", &format!("\nhttp://127.0.0.1:{port} {{"));
        let conf = site.folder.path().join("Caddyfile");
        std::fs::write(&conf, format!("{{\n    admin 127.0.0.1:{admin}\n}}\n{written}")).unwrap();
        let mut caddy = Command::new("caddy");
        caddy.env("HOME", site.folder.path()).args(["run", "--adapter", "caddyfile", "--config"]).arg(&conf);
        let _caddy = Server::start(&mut caddy, port).await;
        check_all(engine, &format!("http://127.0.0.1:{port}"), &site).await;
    }
}

async fn on_s3_every_address_opens(engine: Engine) {
    let site = Site::build_for("s3", "/news/");
    let port = free_port().await;
    let website = site.folder.path().join("website.xml");
    let documents = "<IndexDocument><Suffix>index.html</Suffix></IndexDocument><ErrorDocument><Key>404.html</Key></ErrorDocument>";
    let namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
    let configuration =
        format!("<WebsiteConfiguration xmlns=\"{namespace}\">{documents}</WebsiteConfiguration>");
    std::fs::write(&website, configuration).unwrap();
    let mut s3 = Command::new("s3rver");
    s3.args(["--silent", "--no-vhost-buckets", "--address", "127.0.0.1", "--port", &port.to_string()])
        .arg("--directory")
        .arg(site.folder.path().join("buckets"))
        .args(["--configure-bucket", "news"])
        .arg(website);
    let _s3 = Server::start(&mut s3, port).await;
    for (path, file) in testkit::folder::files(&site.path()) {
        if !path.starts_with(".finews") {
            put_object(port, &format!("news/{path}"), &std::fs::read(file).unwrap()).await;
        }
    }
    let browser = Browser::open(engine, DESKTOP).await;
    check_pages_open(&browser, &format!("http://127.0.0.1:{port}/news/"), &site).await;
    browser.close().await;
}

/// Puts an object into a bucket by S3's API, without a signature.
async fn put_object(port: u16, key: &str, bytes: &[u8]) {
    const KEY: AsciiSet = NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_');
    let mut stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = format!(
        "PUT /{} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\ncontent-type: {}\r\ncontent-length: {}\r\n\r\n",
        utf8_percent_encode(key, &KEY),
        hosting::content_type(key).unwrap_or("application/octet-stream"),
        bytes.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{key}: {answer}");
}

/// Serves a site. `answer` imitates a host: from the site's folder and a path, it makes the response.
async fn serve(site: &Site, answer: fn(&Path, &str) -> Response) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (root, base) = (site.path(), site.base);
    let handler = move |State(root): State<PathBuf>, request: Request| async move {
        let path =
            percent_encoding::percent_decode_str(request.uri().path()).decode_utf8_lossy().into_owned();
        path.strip_prefix(base)
            .map_or_else(|| StatusCode::NOT_FOUND.into_response(), |path| answer(&root, path))
    };
    let router = Router::new().fallback(handler).with_state(root);
    tokio::spawn(async move { axum::serve(listener, router).await });
    origin
}

fn file(root: &Path, path: &str, status: StatusCode) -> Option<Response> {
    let bytes = std::fs::read(root.join(path)).ok()?;
    let mut response = (status, bytes).into_response();
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static(hosting::content_type(path).unwrap_or("application/octet-stream")),
    );
    Some(response)
}

fn redirect(status: StatusCode, to: &str) -> Response {
    (status, [(LOCATION, to)]).into_response()
}

/// GitHub Pages: adds slashes to folders, allows leaving out `.html`, and answers anything else with
/// `404.html` and the status 404; caches for ten minutes.
fn github_pages(root: &Path, path: &str) -> Response {
    let is_folder = path.is_empty() || path.ends_with('/');
    let found = if is_folder {
        file(root, &format!("{path}index.html"), StatusCode::OK)
    } else {
        file(root, path, StatusCode::OK)
    };
    let found = found.or_else(|| file(root, &format!("{path}.html"), StatusCode::OK).filter(|_| !is_folder));
    if found.is_none() && root.join(path).join("index.html").is_file() {
        return redirect(StatusCode::MOVED_PERMANENTLY, &format!("/finews/{path}/"));
    }
    let mut response = found.or_else(|| file(root, "404.html", StatusCode::NOT_FOUND)).unwrap();
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("max-age=600"));
    response
}

/// Cloudflare Pages: redirects addresses to ones without `.html` and `index.html`, answers anything else with
/// `404.html` and the status 404, and applies `_headers`.
fn cloudflare(root: &Path, path: &str) -> Response {
    let is_folder = path.is_empty() || path.ends_with('/');
    let redirected = path
        .strip_suffix("index.html")
        .or_else(|| path.strip_suffix(".html"))
        .filter(|_| root.join(path).is_file());
    if let Some(shorter) = redirected {
        return redirect(StatusCode::PERMANENT_REDIRECT, &format!("/{shorter}"));
    }
    let found = if is_folder {
        file(root, &format!("{path}index.html"), StatusCode::OK)
    } else {
        file(root, path, StatusCode::OK)
    };
    let found = found.or_else(|| file(root, &format!("{path}.html"), StatusCode::OK).filter(|_| !is_folder));
    let mut response = found.or_else(|| file(root, "404.html", StatusCode::NOT_FOUND)).unwrap();
    let rules = std::fs::read_to_string(root.join("_headers")).unwrap();
    // Of several rules with the same path, only the last one applies.
    let path_lines: Vec<(usize, &str)> =
        rules.lines().enumerate().filter(|(_, line)| !line.starts_with(' ')).collect();
    let is_last =
        |at: usize, path: &str| !path_lines.iter().any(|(other, same)| *other > at && *same == path);
    let mut applies = false;
    for (at, line) in rules.lines().enumerate() {
        if let Some(name) = line.strip_prefix("  ! ").filter(|_| applies) {
            response.headers_mut().remove(name);
            continue;
        }
        match line.strip_prefix("  ").and_then(|rule| rule.split_once(": ")) {
            None => {
                let fits = line.strip_suffix('*').map_or_else(
                    || line == format!("/{path}"),
                    |start| format!("/{path}").starts_with(start),
                );
                applies = fits && is_last(at, line);
            }
            Some((name, value)) if applies => {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                response.headers_mut().append(name, HeaderValue::from_str(value).unwrap());
            }
            Some(_) => {}
        }
    }
    response
}

async fn on_github_pages_every_address_opens_and_stays(engine: Engine) {
    let site = Site::build_for("github-pages", "/finews/");
    assert!(site.path().join(".nojekyll").is_file());
    let root = format!("{}/finews/", serve(&site, github_pages).await);
    let browser = Browser::open(engine, DESKTOP).await;
    check_pages_open(&browser, &root, &site).await;
    browser.goto(&format!("{root}category/emnews.html")).await;
    browser.until("document.querySelector('.headline')").await;
    assert_eq!(browser.path().await, "/finews/category/emnews.html");
    browser.close().await;
}

async fn where_a_host_ignores_range_whole_files_are_searched(engine: Engine) {
    let site = Site::build_for("s3", "/finews/");
    let root = format!("{}/finews/", serve(&site, github_pages).await);
    let browser = Browser::open(engine, DESKTOP).await;
    assert!(!check_search(&browser, &root, &site).await);
    browser.close().await;
}

async fn where_a_host_ignores_range_the_newest_season_of_a_large_archive_is_searched(engine: Engine) {
    let site = Site { folder: tempfile::tempdir().unwrap(), base: "/" };
    let posts = site.folder.path().join("posts");
    crate::search::write_stories_of_two_seasons(&posts);
    // As is chosen for more than 200,000 stories.
    build_with_options(&posts, &site.path(), &["--search", "both"]);
    let browser = Browser::open(engine, DESKTOP).await;
    let found = "const { search, total } = document.querySelector('main').dataset; return [search, total]";
    let host = testkit::Host::serve(&site.path()).await;
    browser.goto(&format!("{}/search/?q=证券", host.url)).await;
    browser.until("document.querySelector('main')?.dataset.search").await;
    assert_eq!(browser.script(found).await, json!(["done", "121"]));
    let origin = serve(&site, github_pages).await;
    // Also when the browser has files of the index in its cache.
    for _ in 0..2 {
        browser.goto(&format!("{origin}/search/?q=证券")).await;
        browser.until("document.querySelector('main')?.dataset.search").await;
        assert_eq!(browser.script(found).await, json!(["partial", "120"]));
        assert!(browser.text(".search-status").await.contains("只能搜索 2026年5月1日 以来"));
    }
    browser.close().await;
}

async fn on_cloudflare_pages_every_address_opens_and_headers_are_sent(engine: Engine) {
    let site = Site::build_for("cloudflare", "/");
    let origin = serve(&site, cloudflare).await;
    let browser = Browser::open(engine, DESKTOP).await;
    check_pages_open(&browser, &format!("{origin}/"), &site).await;
    let page = response(&browser, "/").await;
    assert!(
        page["content-security-policy"].as_str().unwrap_or_default().contains("frame-ancestors 'self'"),
        "{page}"
    );
    let frame = response(&browser, "/embed/").await;
    assert!(
        !frame["content-security-policy"].as_str().unwrap_or("frame-ancestors").contains("frame-ancestors"),
        "{frame}"
    );
    let widget = response(&browser, "/widget.js").await;
    assert_eq!(
        (&widget["access-control-allow-origin"], &widget["cache-control"]),
        (&json!("*"), &json!("public, max-age=3600, stale-while-revalidate=86400"))
    );
    let script = browser.attribute("script[type=module]", "src").await;
    assert_eq!(
        response(&browser, &format!("/{script}")).await["cache-control"],
        "public, max-age=31536000, immutable"
    );
    // The address without `.html` shows the story, and is also its canonical address.
    browser.goto(&format!("{origin}/{STORY}")).await;
    assert_eq!(browser.path().await, format!("/{}", STORY.trim_end_matches(".html")));
    assert_eq!(
        browser.attribute("link[rel=canonical]", "href").await,
        format!("https://news.example/{}", STORY.trim_end_matches(".html"))
    );
    browser.close().await;
}
