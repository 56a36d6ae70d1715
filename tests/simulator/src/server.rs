//! The listener. Connections are served by hand, because an answer that is to be lost must close its connection,
//! which a router alone can't do.

use std::{convert::Infallible, io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context;
use axum::{Router, body::Body, response::Response};
use http::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::{
    api::{self, Dropped},
    config::Config,
    control,
    pump::{Pumped, pump},
    sim::Sim,
};

/// Longest wait for a webhook to be taken.
const HOOK_TIMEOUT: Duration = Duration::from_secs(30);

/// A running simulator. Dropping it stops it.
#[derive(Debug)]
pub struct Handle {
    address: SocketAddr,
    sim: Arc<Sim>,
    state_file: Option<PathBuf>,
    tasks: Vec<JoinHandle<()>>,
}

impl Handle {
    /// Where it listens, for example `http://127.0.0.1:40123`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Moves virtual time on for this process.
    pub fn advance(&self, seconds: i64) {
        self.sim.clock.advance(seconds);
    }

    /// The virtual time.
    #[must_use]
    pub fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.sim.clock.now()
    }

    /// Posts every webhook that is due, as `POST /_sim/pump` does.
    pub async fn pump(&self) -> Pumped {
        pump(&self.sim).await
    }

    /// Stops, and keeps the state if there is a file for it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn stop(&self) -> anyhow::Result<()> {
        for task in &self.tasks {
            task.abort();
        }
        match &self.state_file {
            Some(file) => self.sim.save(file).context("keeping the state"),
            None => Ok(()),
        }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Starts the simulator in this process.
///
/// # Errors
/// When the port is taken or no HTTP client can be made.
pub async fn start(config: Config) -> anyhow::Result<Handle> {
    let listener = TcpListener::bind(("127.0.0.1", config.port))
        .await
        .with_context(|| format!("listening on port {}", config.port))?;
    let address = listener.local_addr()?;
    let client = reqwest::Client::builder()
        .timeout(HOOK_TIMEOUT)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()?;
    let sim = Arc::new(Sim::new(&config, format!("http://{address}"), client));
    let router = api::router()
        .nest("/_sim", control::router())
        .with_state(Arc::clone(&sim));
    let mut tasks = vec![tokio::spawn(listen(listener, router))];
    if let Some(every) = config.pump_ms {
        tasks.push(tokio::spawn(pump_always(
            Arc::clone(&sim),
            Duration::from_millis(every),
        )));
    }
    Ok(Handle {
        address,
        sim,
        state_file: config.state_file,
        tasks,
    })
}

async fn pump_always(sim: Arc<Sim>, every: Duration) {
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        pump(&sim).await;
    }
}

/// Accepts connections until it is aborted; connections end with the task that holds them.
pub(crate) async fn listen(listener: TcpListener, router: Router) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(serve(stream, router.clone()));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let answer = service_fn(move |request: Request<Incoming>| {
        let service = service.clone();
        async move {
            let answered: Result<Response, Infallible> =
                hyper::service::Service::call(&service, request.map(Body::new)).await;
            match answered {
                Ok(response) if response.extensions().get::<Dropped>().is_none() => Ok(response),
                _ => Err(io::Error::other("the answer is to be lost")),
            }
        }
    });
    // A connection that breaks is the caller's business.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), answer)
        .await;
}
