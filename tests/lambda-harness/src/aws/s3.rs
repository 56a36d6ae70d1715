//! S3 over files in memory, with the bucket in the path. Reads ranges and `If-Match`; what is written is counted and
//! dropped.

use std::sync::PoisonError;

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{Method, StatusCode, header, request::Parts};

use super::World;

pub(super) fn answer(world: &World, parts: &Parts, _body: Bytes) -> Response {
    match parts.method {
        Method::GET => get(world, parts),
        Method::PUT => (StatusCode::OK, [(header::ETAG, "\"written\"")]).into_response(),
        _ => error(StatusCode::NOT_IMPLEMENTED, "NotImplemented"),
    }
}

fn get(world: &World, parts: &Parts) -> Response {
    let path = parts.uri.path().trim_start_matches('/');
    let files = world.files.read().unwrap_or_else(PoisonError::into_inner);
    let Some(file) = files.get(path).cloned() else {
        return error(StatusCode::NOT_FOUND, "NoSuchKey");
    };
    drop(files);
    let etag = etag(&file);
    let header = |name| parts.headers.get(name).and_then(|v| v.to_str().ok());
    if header(header::IF_MATCH).is_some_and(|wanted| wanted != etag) {
        return error(StatusCode::PRECONDITION_FAILED, "PreconditionFailed");
    }
    let from = match header(header::RANGE).map(first_byte) {
        None => None,
        Some(Some(from)) if from < file.len() => Some(from),
        Some(_) => return error(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange"),
    };
    let status = if from.is_some() {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let rest = file.slice(from.unwrap_or(0)..);
    (status, [(header::ETAG, etag)], Body::from(rest)).into_response()
}

/// Names a content well enough: its length and a sum over it.
fn etag(file: &Bytes) -> String {
    let step = (file.len() / 4096).max(1);
    let sum = file.iter().step_by(step).fold(0_u64, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(u64::from(*byte))
    });
    format!("\"{:x}-{sum:x}\"", file.len())
}

/// Of `bytes=N-`.
fn first_byte(range: &str) -> Option<usize> {
    range
        .strip_prefix("bytes=")?
        .strip_suffix('-')?
        .parse()
        .ok()
}

fn error(status: StatusCode, code: &str) -> Response {
    let body = format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>");
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}
