//! Functions behind the HTTP API.

use std::convert::Infallible;

use lambda_http::{Body, Request, Response, service_fn};
use touchline_runtime::meter;

use super::{Error, Function, block_on};
use crate::needs::Needs;

/// Answers each request with `handler`, over what `build` makes of the function once, for as long as the process lives.
///
/// # Errors
/// The function cannot start, or the runtime cannot be reached.
pub fn on_http<S, B, H, F>(needs: &'static Needs, build: B, handler: H) -> Result<(), Error>
where
    S: Send + Sync + 'static,
    B: FnOnce(Function) -> Result<S, Error>,
    H: Fn(&'static S, Request) -> F + Sync,
    F: Future<Output = Response<Body>> + Send,
{
    block_on(async move {
        let state: &'static S = Box::leak(Box::new(build(Function::start(needs).await?)?));
        let handler = &handler;
        lambda_http::run(service_fn(move |request: Request| async move {
            meter::http_request();
            Ok::<_, Infallible>(meter::invocation(handler(state, request)).await)
        }))
        .await
    })
}
