//! Processes in the background.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

/// A port on which nothing listens.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Serves a site in the background until the process that called this one ends.
///
/// # Errors
/// Fails if the server does not start.
pub(crate) fn serve_for_caller(finews: &Path, site: &Path, port: u16) -> Result<()> {
    const SCRIPT: &str =
        r#""$0" serve "$1" --port "$2" & while kill -0 "$3" 2>&-; do sleep 1; done; kill $!"#;
    let mut shell = Command::new("sh");
    shell.args(["-c", SCRIPT]).arg(finews).arg(site).arg(port.to_string());
    shell.arg(std::os::unix::process::parent_id().to_string());
    // The server outlives this process, so its output is discarded.
    shell.process_group(0).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(20), "the site's server did not start");
        std::thread::yield_now();
    }
    Ok(())
}

/// A process that is told to end when this value is dropped.
pub(crate) struct Running(Child);

impl Running {
    /// Starts a program and waits until it prints a line that contains `ready`.
    pub(crate) fn start(mut command: Command, ready: &str) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", command.get_program().display()))?;
        let output = child.stdout.take().context("its output is not piped")?;
        let running = Self(child);
        let mut lines = BufReader::new(output).lines();
        let line = lines.by_ref().find(|line| line.as_ref().is_ok_and(|line| line.contains(ready)));
        line.with_context(|| format!("the program ended without printing “{ready}”"))??;
        std::thread::spawn(move || lines.for_each(drop));
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Unlike `Child::kill`, this lets a process end those that it started. It may have ended already.
        let _ = Command::new("kill").arg(self.0.id().to_string()).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}
