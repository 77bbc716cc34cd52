//! The address at which a site is served.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

use anyhow::{Context as _, Result};
use bundle::Base;
use clap::Args;
use tokio::net::TcpListener;

/// Where to serve a site.
#[derive(Args)]
pub(crate) struct ListenArguments {
    /// The port; 0 chooses any free one [default: 8080, or the next one that is free]
    #[arg(long)]
    port: Option<u16>,
    /// Let other machines in your network see the site. Without this option, only this machine can.
    /// --host=ADDRESS listens on one address only
    #[arg(
        long,
        value_name = "ADDRESS",
        num_args = 0..=1,
        require_equals = true,
        default_value = "127.0.0.1",
        default_missing_value = "0.0.0.0",
        hide_default_value = true
    )]
    host: IpAddr,
    /// Open the site in the browser
    #[arg(long)]
    open: bool,
}

/// The first port that is tried.
const PORT: u16 = 8080;
/// How many ports are tried.
const PORTS: u16 = 100;

impl ListenArguments {
    /// Starts to listen.
    ///
    /// # Errors
    /// Fails if the port is taken, or all of them if none was given.
    pub(crate) async fn bind(&self) -> Result<Listener> {
        let ports = self.port.map_or(PORT..=PORT + PORTS, |port| port..=port);
        let mut failure = None;
        for port in ports {
            match TcpListener::bind((self.host, port)).await {
                Ok(socket) => {
                    let address = socket.local_addr()?;
                    return Ok(Listener { socket, address, is_opened: self.open });
                }
                Err(error) => failure = failure.or(Some((port, error))),
            }
        }
        let (port, error) = failure.context("there are no ports")?;
        let message = format!(
            "cannot listen on {}:{port}; choose another port with --port, or a free one with --port 0",
            self.host
        );
        Err(anyhow::Error::new(error).context(message))
    }
}

/// A socket that accepts connections.
pub(crate) struct Listener {
    pub(super) socket: TcpListener,
    address: SocketAddr,
    /// Whether to open the site in the browser.
    is_opened: bool,
}

impl Listener {
    /// Whether other machines can connect.
    pub(super) fn is_shared(&self) -> bool {
        !self.address.ip().is_loopback()
    }

    /// Prints the site's address, and who can see it; opens it if that was asked for.
    pub(crate) fn announce(&self, base: &Base) {
        let port = self.address.port();
        let here = match self.address.ip() {
            ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            ip => ip,
        };
        let url = |ip| format!("http://{}{}", SocketAddr::new(ip, port), base.as_str());
        println!("{}", url(here));
        if self.is_shared() {
            let shared = if self.address.ip().is_unspecified() { own_address() } else { Some(here) };
            match shared {
                Some(ip) => println!("shared: everyone in your network can see the site at {}", url(ip)),
                None => println!("shared: everyone in your network can see the site at port {port}"),
            }
        }
        if self.is_opened
            && let Err(error) = open::that_detached(url(here))
        {
            eprintln!("the browser could not be opened ({error}); open {} yourself", url(here));
        }
    }
}

/// The address of this machine in its network, if it has one.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // Sends nothing. The address is reserved for documentation (RFC 5737), so it is reached by the usual route.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_unspecified())
}
