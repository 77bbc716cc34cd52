//! Programs that run while something else does.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result};

/// A port that nobody listens at.
pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A program that runs until this value goes.
pub(crate) struct Running(Child);

impl Running {
    /// Starts a program and waits until it prints a line that holds `ready`.
    pub(crate) fn start(mut command: Command, ready: &str) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", command.get_program().display()))?;
        let output = child.stdout.take().context("its output is piped")?;
        let running = Self(child);
        let mut lines = BufReader::new(output).lines();
        let line = lines.by_ref().find(|line| line.as_ref().is_ok_and(|line| line.contains(ready)));
        line.with_context(|| format!("it ended without saying “{ready}”"))??;
        std::thread::spawn(move || lines.for_each(drop));
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
