//! What drives a browser: a program of its own for each, ended with all it started.

use std::io::BufRead as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::engine::Engine;

/// How long a driver may take to answer that it is there.
const START: Duration = Duration::from_mins(1);

/// A driver, which has one browser. A browser that dies can take its driver's answers along, so that none
/// waits for another's.
pub(super) struct Driver {
    /// Where it answers.
    pub(super) url: String,
    _process: Process,
    _screen: Option<Process>,
    /// Where the browser and its driver put their files; gone with them.
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
        let (begun, folder) = (Instant::now(), folder());
        // One whose port is taken ends: ChromeDriver is given a port on ::1 and then wants the same on
        // 127.0.0.1.
        loop {
            let mut command = watched(program);
            command.arg("--port=0").env("TMPDIR", folder.path());
            if engine == Engine::Firefox {
                command.args(["--websocket-port=0", "--allow-system-access"]);
            }
            let mut process = Process::start(command.stdout(Stdio::piped()));
            let (tell, told) = mpsc::channel();
            let lines = process.lines();
            std::thread::spawn(move || {
                for line in lines {
                    // “… started successfully on port 40001.”, “Listening on 127.0.0.1:40001”
                    let is_there = line.contains("successfully on port") || line.contains("Listening on");
                    let port = line
                        .trim_end_matches('.')
                        .rsplit([' ', ':'])
                        .next()
                        .and_then(|port| port.parse::<u16>().ok());
                    if let Some(port) = port.filter(|_| is_there) {
                        // After the first nobody listens.
                        let _ = tell.send(port);
                    }
                }
            });
            if let Ok(port) = told.recv_timeout(START.saturating_sub(begun.elapsed())) {
                return Self {
                    url: format!("http://127.0.0.1:{port}"),
                    _process: process,
                    _screen: None,
                    _folder: folder,
                };
            }
            assert!(begun.elapsed() < START, "{engine:?}'s driver does not say its port");
        }
    }

    /// It says no port, so one is looked for; another where somebody was faster.
    fn start_webkit() -> Self {
        let (begun, folder) = (Instant::now(), folder());
        // It opens a window, on a screen in memory. Each has its own: a window without the focus has its
        // timers slowed down. (Broadway, GTK's other way, says that it has -1 dots an inch, and text
        // gets millions of pixels high.)
        let mut screen = Process::start(
            watched("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"])
                .stdout(Stdio::piped()),
        );
        let display = screen.lines().next().expect("Xvfb says its display");
        loop {
            let port = std::net::TcpListener::bind("127.0.0.1:0")
                .and_then(|free| free.local_addr())
                .expect("a free port")
                .port();
            let mut command = watched("WebKitWebDriver");
            command
                .arg(format!("--port={port}"))
                .env("GDK_BACKEND", "x11")
                .env("DISPLAY", format!(":{display}"));
            for name in ["TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"] {
                command.env(name, folder.path());
            }
            // It asks the kernel for name spaces, which containers do not give: the pages are ours.
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
                assert!(begun.elapsed() < START, "WebKit's driver does not answer");
                std::thread::yield_now();
            }
        }
    }
}

/// A folder for the files of a browser.
fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// A program that ends, with all it starts, when this process does, whatever becomes of it: when nobody holds the
/// other end of its first input. What watches has no hand on its output, which ends with the program.
fn watched(program: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        r#"exec 3<&0; { read -r _ <&3; kill -KILL 0; } >/dev/null & exec "$@" 3<&- </dev/null"#,
        "sh",
        program,
    ]);
    shell
}

/// A program and all that it starts, ended with this value.
struct Process(Child);

impl Process {
    fn start(command: &mut Command) -> Self {
        let name = format!("{command:?}");
        // A group of its own, which ends as one.
        let child = command.process_group(0).stdin(Stdio::piped()).stderr(Stdio::null()).spawn();
        Self(child.unwrap_or_else(|error| panic!("{name} does not start: {error}")))
    }

    /// The lines it says.
    fn lines(&mut self) -> impl Iterator<Item = String> + Send + use<> {
        let output = self.0.stdout.take().expect("its output is piped");
        std::io::BufReader::new(output).lines().map_while(Result::ok)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = Command::new("kill")
            .args(["-KILL", "--", &format!("-{}", self.0.id())])
            .stderr(Stdio::null())
            .status();
        let _ = self.0.wait();
    }
}
