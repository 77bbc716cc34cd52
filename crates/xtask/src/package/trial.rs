//! Tries an installed command.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};
use xshell::{Shell, cmd};

use crate::test::running::{Running, free_port};

/// Uses an installed command as a stranger would: makes a folder of posts, shows it, and builds and serves the
/// sample. Prints the time since `begun`, when the installation began, to the first page.
///
/// # Errors
/// Fails if the command does not work.
pub(super) fn try_command(shell: &Shell, finews: &Path, folder: &Path, begun: Instant) -> Result<()> {
    let (sample, news, site) = (shell.current_dir().join("sample"), folder.join("news"), folder.join("site"));
    let version = cmd!(shell, "{finews} --version").read()?;
    cmd!(shell, "{finews} new {news}").ignore_stdout().run()?;
    show(finews, &["dev".as_ref(), news.as_ref()], "How to write a post")?;
    eprintln!("{version}: {:.1} s from the package to a page of one's own", begun.elapsed().as_secs_f64());
    cmd!(shell, "{finews} build {sample} --out {site}").ignore_stdout().ignore_stderr().run()?;
    show(finews, &["serve".as_ref(), site.as_ref()], "临江新闻")
}

/// Starts a server, and checks that its first page contains some text.
fn show(finews: &Path, arguments: &[&std::ffi::OsStr], expected: &str) -> Result<()> {
    let port = free_port()?;
    let mut command = Command::new(finews);
    command.args(arguments).args(["--port", &port.to_string()]);
    let _running = Running::start(command, "http://")?;
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(b"GET / HTTP/1.0\r\nhost: localhost\r\n\r\n")?;
    let mut page = Vec::new();
    stream.read_to_end(&mut page)?;
    let page = String::from_utf8_lossy(&page);
    ensure!(page.contains(expected), "the first page does not contain “{expected}”: {page}");
    Ok(())
}
