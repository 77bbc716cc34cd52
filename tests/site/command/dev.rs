//! `finews dev` as a server: whom it answers, and what it does beside another one.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running `finews dev`.
struct Preview {
    process: Child,
    /// `127.0.0.1:PORT`
    address: String,
}

impl Preview {
    fn start(posts: &Path) -> Self {
        let mut command = Command::new(testkit::setup::finews());
        command
            .arg("dev")
            .arg(posts)
            .args(["--port", "0"])
            .env("TMPDIR", posts)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let url = lines.find(|line| line.starts_with("http://")).expect("it prints its address");
        let address = url.trim_start_matches("http://").trim_end_matches('/').to_owned();
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address }
    }

    /// The response to a request with this `Host` header.
    fn get(&self, path: &str, host: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\nhost: {host}\r\norigin: https://evil.example\r\n\r\n")
            .unwrap();
        let mut response = Vec::new();
        stream.read_to_end(&mut response).unwrap();
        String::from_utf8_lossy(&response).into_owned()
    }
}

/// Kills the process when the test ends, whether or not the test passes.
impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn posts(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("2026-03-01-a.md"), "---\ntitle: Morning\n---\nText.\n").unwrap();
    fs::write(folder.path().join("finews.toml"), settings).unwrap();
    folder
}

#[test]
fn a_page_of_another_site_cannot_read_what_is_being_written() {
    let posts = posts("");
    let preview = Preview::start(posts.path());
    for path in ["/", "/bundle/manifest.json"] {
        let response = preview.get(path, &preview.address);
        assert!(response.starts_with("HTTP/1.0 200") && response.contains("Morning"), "{response}");
        assert!(!response.to_lowercase().contains("access-control-allow-origin"), "{response}");
        // A name that its owner lets lead to this machine.
        let response = preview.get(path, "evil.example");
        assert!(response.starts_with("HTTP/1.0 403") && !response.contains("Morning"), "{response}");
    }
}

#[test]
fn a_preview_is_at_the_root_whatever_the_address_of_the_published_site_is() {
    let posts = posts("url = \"https://name.github.io/news/\"\n");
    let preview = Preview::start(posts.path());
    assert!(preview.get("/", &preview.address).contains("<base href=\"/\">"));
}

#[test]
fn two_previews_of_a_folder_do_not_share_a_site() {
    let posts = posts("");
    let (first, second) = (Preview::start(posts.path()), Preview::start(posts.path()));
    assert_ne!(first.address, second.address);
    fs::remove_dir_all(posts.path().join(".finews/site")).unwrap();
    assert!(second.get("/", &second.address).contains("Morning"));
    assert!(!first.get("/", &first.address).contains("Morning"));
}
