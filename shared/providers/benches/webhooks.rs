//! How long it takes to tell a genuine webhook from a forged one, for each provider and scheme. Nothing here asserts a
//! time.

#![allow(clippy::unwrap_used, missing_docs)]

use std::{collections::BTreeSet, hint::black_box};

use criterion::{Criterion, criterion_group, criterion_main};

#[path = "../tests/common/signed.rs"]
mod signed;

fn verification(c: &mut Criterion) {
    let mut seen = BTreeSet::new();
    for request in signed::all() {
        // The first of each provider will do; the others differ in their spelling only.
        if !seen.insert(request.provider.as_str()) {
            continue;
        }
        request.verdict().unwrap();
        c.bench_function(
            &format!("webhook verification, {}", request.provider),
            |b| {
                b.iter(|| black_box(&request).verdict());
            },
        );
    }
}

criterion_group!(benches, verification);
criterion_main!(benches);
