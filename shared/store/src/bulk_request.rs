//! Requests for many items, written by us in place of the SDK. The SDK would hold an item as a map of owned names and
//! values and write it to JSON afterwards, which costs more than everything else about a lead; here a record goes
//! into the body at once. All else stays the SDK's: it makes the request for the table, and its own hook
//! (`mutate_request`, which runs before each attempt is signed) puts the body in; signature, endpoint, tries, timeouts
//! and the answer are its own as well.

use aws_sdk_dynamodb::config::http::HttpRequest;
use aws_sdk_s3::primitives::SdkBody;

use crate::{
    attribute_json::{NotWritten, write_texts},
    keys::{Key, PK, SK},
};

/// The length of a body, which the SDK has set for the body that it wrote.
const CONTENT_LENGTH: &str = "content-length";

/// Writes the attributes of one item, separated by commas.
pub(crate) trait WriteItem: FnOnce(&mut Vec<u8>) -> Result<(), NotWritten> {}

impl<F: FnOnce(&mut Vec<u8>) -> Result<(), NotWritten>> WriteItem for F {}

/// The body of a `BatchWriteItem` that puts whole items into one table.
pub(crate) fn puts(
    table: &str,
    items: impl IntoIterator<Item = impl WriteItem>,
) -> Result<Vec<u8>, NotWritten> {
    let mut out = begin(table)?;
    out.push(b'[');
    for (at, write) in items.into_iter().enumerate() {
        out.extend_from_slice(comma(at));
        out.extend_from_slice(b"{\"PutRequest\":{\"Item\":{");
        write(&mut out)?;
        out.extend_from_slice(b"}}}");
    }
    out.extend_from_slice(b"]}}");
    Ok(out)
}

/// The body of a `BatchGetItem` from one table.
pub(crate) fn gets(table: &str, keys: &[Key], consistent: bool) -> Result<Vec<u8>, NotWritten> {
    let mut out = begin(table)?;
    out.extend_from_slice(b"{\"Keys\":[");
    for (at, key) in keys.iter().enumerate() {
        out.extend_from_slice(comma(at));
        out.push(b'{');
        write_texts(&mut out, &[(PK, &key.pk), (SK, &key.sk)])?;
        out.push(b'}');
    }
    out.extend_from_slice(if consistent {
        b"],\"ConsistentRead\":true}}}"
    } else {
        b"],\"ConsistentRead\":false}}}"
    });
    Ok(out)
}

/// What a request says that asks for its cost, as the meter has the SDK write it.
const COST: &[u8] = b"\"ReturnConsumedCapacity\":\"TOTAL\"";

/// A change of a request that gives it this body. A question for the cost is taken over from the body that it had.
pub(crate) fn with_body(body: Vec<u8>) -> impl Fn(&mut HttpRequest) + Send + Sync + 'static {
    let body = SdkBody::from(body);
    move |request| {
        let had = request.body().bytes().unwrap_or_default();
        let counted = had.windows(COST.len()).any(|part| part == COST);
        // A body in memory is shared, not copied.
        let body = if counted {
            body.bytes().map(asking_for_cost)
        } else {
            body.try_clone()
        };
        if let Some(body) = body {
            let length = body.bytes().map_or(0, <[u8]>::len).to_string();
            *request.body_mut() = body;
            request.headers_mut().insert(CONTENT_LENGTH, length);
        }
    }
}

fn asking_for_cost(body: &[u8]) -> SdkBody {
    let open = body.strip_suffix(b"}").unwrap_or(body);
    SdkBody::from([open, b",", COST, b"}"].concat())
}

/// `{"RequestItems":{"table":`.
fn begin(table: &str) -> Result<Vec<u8>, NotWritten> {
    // As much as a full request usually has, so that it grows once at most.
    let mut out = Vec::with_capacity(USUAL_BYTES);
    out.extend_from_slice(b"{\"RequestItems\":{");
    serde_json::to_writer(&mut out, table)?;
    out.push(b':');
    Ok(out)
}

/// Twenty-five profiles, or a hundred keys, take about so much.
const USUAL_BYTES: usize = 24 * 1024;

fn comma(at: usize) -> &'static [u8] {
    if at == 0 { b"" } else { b"," }
}

#[cfg(test)]
mod tests;
