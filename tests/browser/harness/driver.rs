//! What drives a browser: a program of its own for each, ended with all it started.

use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::{Engine, environment};

/// How long a driver may take to answer that it is there.
const START: Duration = Duration::from_mins(1);

/// A driver, which has one browser. A browser that dies can take its driver's answers along, so that none waits for another's.
pub(crate) struct Driver {
    child: Child,
    /// Where it answers.
    pub(crate) url: String,
}

impl Driver {
    /// Starts an engine's driver and waits until it answers.
    pub(crate) fn start(engine: Engine) -> Self {
        let mut command = match engine {
            Engine::Chromium => Command::new("chromedriver"),
            Engine::Firefox => Command::new("geckodriver"),
            Engine::WebKit => return Self::start_webkit(),
        };
        command.arg("--port=0");
        if engine == Engine::Firefox {
            command.args(["--websocket-port=0", "--allow-system-access"]);
        }
        let mut child = spawn(command.stdout(Stdio::piped()));
        let output = child.stdout.take().expect("its output is piped");
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            use std::io::BufRead as _;
            for line in std::io::BufReader::new(output).lines().map_while(Result::ok) {
                // “… started successfully on port 40001.”, “Listening on 127.0.0.1:40001”
                let is_there = line.contains("successfully on port") || line.contains("Listening on");
                let port = line.trim_end_matches('.').rsplit([' ', ':']).next().and_then(|port| port.parse::<u16>().ok());
                if let Some(port) = port.filter(|_| is_there) {
                    // After the first nobody listens.
                    let _ = tell.send(port);
                }
            }
        });
        let port = told.recv_timeout(START).unwrap_or_else(|_| panic!("{engine:?}'s driver does not say its port"));
        Self { child, url: format!("http://127.0.0.1:{port}") }
    }

    /// It says no port, so one is looked for; another where somebody was faster.
    fn start_webkit() -> Self {
        let begun = Instant::now();
        loop {
            let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
            let mut command = Command::new("WebKitWebDriver");
            // It opens a window, on the screen in memory that `cargo xtask test` has started; and asks the kernel for name spaces, which
            // containers do not give: the pages are ours.
            command.arg(format!("--port={port}")).env("GDK_BACKEND", "x11").env("DISPLAY", environment("FINEWS_DISPLAY"));
            command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1");
            let mut driver = Self { child: spawn(command.stdout(Stdio::null())), url: format!("http://127.0.0.1:{port}") };
            while driver.child.try_wait().expect("its state is known").is_none() {
                if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                    return driver;
                }
                assert!(begun.elapsed() < START, "WebKit's driver does not answer");
                std::thread::yield_now();
            }
        }
    }
}

fn spawn(command: &mut Command) -> Child {
    let name = command.get_program().to_owned();
    // A group of its own, which ends as one.
    let child = command.process_group(0).stdin(Stdio::null()).stderr(Stdio::null()).spawn();
    child.unwrap_or_else(|error| panic!("{} does not start: {error}", name.display()))
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The browser may be gone already, and the driver with it.
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.child.id())]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}
