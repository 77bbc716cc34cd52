//! What CI runs.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::{build, tools};

/// Runs everything, or only the browser tests whose name holds `browser`.
pub(crate) fn run(shell: &Shell, browser: Option<&str>) -> Result<()> {
    if browser.is_none() {
        cmd!(shell, "cargo fmt --all --check").run()?;
        cmd!(shell, "cargo clippy --workspace --all-targets --locked -- --deny warnings").run()?;
        cmd!(shell, "cargo test --workspace --locked --lib --bins --test cases --test spec --test archive").run()?;
    }
    tools::ensure_test_tools(shell)?;
    let finews = build::build(shell)?;
    if browser.is_none() {
        for markdown in [&["--no-default-features"][..], &[]] {
            cmd!(shell, "cargo clippy --package finews-viewer --lib --bins --target wasm32-unknown-unknown --locked {markdown...} -- --deny warnings").run()?;
        }
    }
    run_with_browser(shell, &finews, browser.unwrap_or_default(), false)?;
    // Stored compressed, and with nothing rendered ahead, a site looks the same to its readers.
    let kind = Kind { store: "gzip", prerender: "0" };
    run_browser_tests(shell, &finews, &["--test", "browser"], browser.unwrap_or_default(), &kind, &["--skip", "firefox", "--skip", "webkit"])
}

/// Runs the tests that need the built command, the sample site and a browser; `aloud` shows what they measured.
pub(crate) fn run_with_browser(shell: &Shell, finews: &Path, filter: &str, aloud: bool) -> Result<()> {
    run_browser_tests(
        shell,
        finews,
        &["--test", "browser", "--test", "budget", "--test", "command", "--test", "pages", "--test", "scale"],
        filter,
        &Kind::USUAL,
        if aloud { &["--nocapture"] } else { &[] },
    )
}

/// How a site is built that tests look at.
pub(crate) struct Kind {
    store: &'static str,
    prerender: &'static str,
}

impl Kind {
    pub(crate) const USUAL: Self = Self { store: "plain", prerender: "500" };
}

fn run_browser_tests(shell: &Shell, finews: &Path, tests: &[&str], filter: &str, kind: &Kind, options: &[&str]) -> Result<()> {
    // The sample's charts and pictures are answered by the host of the site itself, so its port must be known first.
    let port = free_port()?;
    build_sample(shell, finews, port, kind)?;
    let generated = Path::new("target/test-generated");
    shell.remove_path(generated)?;
    crate::generate::write(shell.current_dir().join(generated), 12_000)?;
    let root = shell.current_dir();
    let mut server = Command::new(finews);
    server.arg("serve").arg(root.join(SITE)).args(["--port", &port.to_string()]);
    let _server = Running::start(server, "http://")?;
    let drivers = Drivers::start()?;
    let variables = [
        ("FINEWS", finews.to_owned()),
        ("FINEWS_AXE", root.join("target/tools/node_modules/axe-core/axe.min.js")),
        ("FINEWS_GENERATED", root.join(generated)),
        ("FINEWS_PRERENDER", kind.prerender.into()),
        ("FINEWS_SAMPLE_POSTS", root.join(POSTS)),
        ("FINEWS_SAMPLE_SITE", root.join(SITE)),
        ("FINEWS_SAMPLE_URL", format!("http://127.0.0.1:{port}").into()),
        ("FINEWS_STORE", kind.store.into()),
        ("FINEWS_CHROMIUM", drivers.chromium.0.clone().into()),
        ("FINEWS_FIREFOX", drivers.firefox.0.clone().into()),
        ("FINEWS_WEBKIT", drivers.webkit.0.clone().into()),
    ];
    // The whole workspace, so that crates have the features they had in the unit tests and are not compiled anew.
    cmd!(shell, "cargo test --locked --workspace {tests...} -- {filter} {options...}").envs(variables).run()?;
    Ok(())
}

const POSTS: &str = "target/test-sample";
pub(crate) const SITE: &str = "target/test-site";

/// The sample with every picture and chart answered by the host at this port.
pub(crate) fn build_sample(shell: &Shell, finews: &Path, port: u16, kind: &Kind) -> Result<()> {
    shell.remove_path(POSTS)?;
    shell.remove_path(SITE)?;
    for folder in ["_posts", "old_post"] {
        for post in shell.read_dir(Path::new("sample").join(folder))? {
            let text = shell.read_file(&post)?.replace("https://dfscdn.dfcfw.com/download/", &format!("http://127.0.0.1:{port}/picture.svg?"));
            shell.write_file(Path::new(POSTS).join(folder).join(post.file_name().context("a post has a name")?), text)?;
        }
    }
    shell.copy_file("sample/_config.yml", Path::new(POSTS).join("_config.yml"))?;
    let picture = format!("http://127.0.0.1:{port}/picture.svg");
    let settings = format!("[settings]\nchart = \"{picture}?nid={{secid}}&type={{period}}\"\nintraday = \"{picture}?nid={{secid}}&imageType=r\"\n");
    let own = shell.read_file("sample/finews.toml")?;
    shell.write_file(Path::new(POSTS).join("finews.toml"), format!("{own}\n{settings}"))?;
    // What is not finews' own in a site stays there.
    shell.write_file(
        Path::new(SITE).join("picture.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg' width='578' height='276'><path d='M0 200L289 90L578 140' stroke='#333' fill='none'/></svg>\n",
    )?;
    let Kind { store, prerender } = kind;
    cmd!(shell, "{finews} build {POSTS} --out {SITE} --store {store} --prerender {prerender} --now 2026-06-01T00:00:00+08:00")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()?;
    Ok(())
}

/// What drives the browsers: their addresses, and the programs.
struct Drivers {
    chromium: (String, Running),
    firefox: (String, Running),
    webkit: (String, Running),
    _screen: Running,
}

impl Drivers {
    fn start() -> Result<Self> {
        let at = |port: u16| format!("http://127.0.0.1:{port}");
        let port = free_port()?;
        let mut driver = Command::new("chromedriver");
        driver.arg(format!("--port={port}"));
        let chromium = (at(port), Running::start(driver, "started successfully")?);
        let port = free_port()?;
        let mut driver = Command::new("geckodriver");
        driver.args(["--port", &port.to_string(), "--websocket-port", "0"]);
        let firefox = (at(port), Running::start(driver, "Listening on")?);
        // It opens a window, for which there is a screen in memory. (Broadway, GTK's other way, says that it has −1 dots an inch, and text
        // gets millions of pixels high.)
        let mut screen = Command::new("Xvfb");
        screen.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]).stderr(Stdio::null());
        let (screen, display) = Running::told(screen, "")?;
        let port = free_port()?;
        let mut driver = Command::new("WebKitWebDriver");
        driver.arg(format!("--port={port}")).env("GDK_BACKEND", "x11").env("DISPLAY", format!(":{display}"));
        // It asks the kernel for name spaces, which containers do not give; the pages are ours.
        driver.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
        let webkit = (at(port), Running::start_silent(driver, port)?);
        Ok(Self { chromium, firefox, webkit, _screen: screen })
    }
}

pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A program that runs until this value goes.
pub(crate) struct Running(Child);

impl Running {
    /// Starts a program and waits until it prints a line that holds `ready`.
    pub(crate) fn start(command: Command, ready: &str) -> Result<Self> {
        Self::told(command, ready).map(|(running, _)| running)
    }

    /// The same, and the line.
    fn told(mut command: Command, ready: &str) -> Result<(Self, String)> {
        let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("{} does not start", command.get_program().display()))?;
        let output = child.stdout.take().context("its output is piped")?;
        let running = Self(child);
        let mut lines = BufReader::new(output).lines();
        let line = lines.by_ref().find(|line| line.as_ref().is_ok_and(|line| line.contains(ready)));
        let line = line.with_context(|| format!("it ended without saying “{ready}”"))??;
        std::thread::spawn(move || lines.for_each(drop));
        Ok((running, line))
    }
}

impl Running {
    /// Starts a program and waits until it answers at a port.
    pub(crate) fn start_silent(mut command: Command, port: u16) -> Result<Self> {
        let name = command.get_program().display().to_string();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().with_context(|| format!("{name} does not start"))?;
        let mut running = Self(child);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = running.0.try_wait()? {
                anyhow::bail!("{name} ended without answering: {status}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
