//! WebDriver processes: each drives one browser and is ended together with it.

use std::io::BufRead as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::engine::Engine;

/// How long a driver may take to start.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// A driver with its browser. Every browser has its own driver, because a crashed browser can block its
/// driver.
pub(super) struct Driver {
    /// The driver's address.
    pub(super) url: String,
    _process: Process,
    _screen: Option<Process>,
    /// The temporary files of the browser and its driver.
    _folder: TempDir,
}

impl Driver {
    /// Starts an engine's driver and waits until it answers.
    pub(super) fn start(engine: Engine) -> Self {
        let program = match engine {
            Engine::Chromium => "chromedriver",
            Engine::Firefox => "geckodriver",
            Engine::WebKit => return Self::start_webkit(),
        };
        let (start_time, folder) = (Instant::now(), folder());
        // A driver exits if its port is taken, so it is started again: ChromeDriver gets a port on ::1 and
        // then needs the same port on 127.0.0.1.
        loop {
            let mut command = watched_command(program);
            command.arg("--port=0").env("TMPDIR", folder.path());
            if engine == Engine::Firefox {
                command.args(["--websocket-port=0", "--allow-system-access"]);
            }
            let mut process = Process::start(command.stdout(Stdio::piped()));
            let (sender, receiver) = mpsc::channel();
            let lines = process.lines();
            std::thread::spawn(move || {
                for line in lines {
                    // “… started successfully on port 40001.”, “Listening on 127.0.0.1:40001”
                    let is_ready = line.contains("successfully on port") || line.contains("Listening on");
                    let port = line
                        .trim_end_matches('.')
                        .rsplit([' ', ':'])
                        .next()
                        .and_then(|port| port.parse::<u16>().ok());
                    if let Some(port) = port.filter(|_| is_ready) {
                        // Only the first port is received.
                        let _ = sender.send(port);
                    }
                }
            });
            if let Ok(port) = receiver.recv_timeout(START_TIMEOUT.saturating_sub(start_time.elapsed())) {
                return Self {
                    url: format!("http://127.0.0.1:{port}"),
                    _process: process,
                    _screen: None,
                    _folder: folder,
                };
            }
            assert!(start_time.elapsed() < START_TIMEOUT, "{engine:?}'s driver does not report its port");
        }
    }

    /// Starts `WebKit`'s driver. It does not choose a port, so a free one is found first, and another one if
    /// that has been taken when the driver starts.
    fn start_webkit() -> Self {
        let (start_time, folder) = (Instant::now(), folder());
        // It needs a screen, which Xvfb provides in memory. Each browser gets its own, because timers are
        // slower in windows without focus. (GTK's Broadway backend cannot replace Xvfb: it reports a
        // resolution of -1 dpi, and text becomes millions of pixels high.)
        let mut screen = Process::start(
            watched_command("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"])
                .stdout(Stdio::piped()),
        );
        let display = screen.lines().next().expect("Xvfb reports its display");
        loop {
            let port = std::net::TcpListener::bind("127.0.0.1:0")
                .and_then(|free| free.local_addr())
                .expect("a free port")
                .port();
            let mut command = watched_command("WebKitWebDriver");
            command
                .arg(format!("--port={port}"))
                .env("GDK_BACKEND", "x11")
                .env("DISPLAY", format!(":{display}"));
            for name in ["TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
                command.env(name, folder.path());
            }
            // Its sandbox needs kernel namespaces, which containers lack. The pages under test are our own.
            command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
            let mut process = Process::start(command.stdout(Stdio::null()));
            while process.0.try_wait().expect("its state is known").is_none() {
                if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                    return Self {
                        url: format!("http://127.0.0.1:{port}"),
                        _process: process,
                        _screen: Some(screen),
                        _folder: folder,
                    };
                }
                assert!(start_time.elapsed() < START_TIMEOUT, "WebKit's driver does not answer");
                std::thread::yield_now();
            }
        }
    }
}

/// A folder for a browser's files.
fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A command that is killed, with all its children, when this process ends for any reason: a shell in the
/// background waits until the standard input, a pipe from this process, is closed, and then kills the process
/// group. This shell does not keep the program's output open.
fn watched_command(program: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        r#"exec 3<&0; { read -r _ <&3; kill -KILL 0; } >/dev/null & exec "$@" 3<&- </dev/null"#,
        "sh",
        program,
    ]);
    shell
}

/// A process and its children, which are killed when this value is dropped.
struct Process(Child);

impl Process {
    fn start(command: &mut Command) -> Self {
        let name = format!("{command:?}");
        // In a process group of its own, which can be killed as one.
        let child = command.process_group(0).stdin(Stdio::piped()).stderr(Stdio::null()).spawn();
        Self(child.unwrap_or_else(|error| panic!("{name} does not start: {error}")))
    }

    /// The lines of its output.
    fn lines(&mut self) -> impl Iterator<Item = String> + Send + use<> {
        let output = self.0.stdout.take().expect("its output is piped");
        std::io::BufReader::new(output).lines().map_while(Result::ok)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", self.0.id())])
            .stderr(Stdio::null())
            .status();
        let _ = self.0.wait();
    }
}
