//! How long keys take to build: several for each touch, three for each row of a list. Nothing here asserts a time.

#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use touchline_domain::{
    contact::Address,
    ids::{LeadId, TenantId},
};
use touchline_store::keys;

fn building(c: &mut Criterion) {
    let tenant: TenantId = "acme".parse().unwrap();
    let email = "ana@redgum.example";
    let lead = LeadId::derive(&tenant, email);
    let address = Address::Email(email.parse().unwrap());
    let hash = address.hash();
    let at = "2026-11-24T23:30:00Z".parse().unwrap();

    c.bench_function("key, profile", |b| {
        b.iter(|| keys::profile(black_box(&tenant), black_box(&lead)));
    });
    c.bench_function("key, address look-up", |b| {
        b.iter(|| keys::address_link(black_box(&tenant), black_box(&hash)));
    });
    c.bench_function("key, due index", |b| {
        b.iter(|| {
            (
                keys::due_shard(black_box(&lead)),
                keys::due_at(black_box(at)),
            )
        });
    });
    c.bench_function("hash of an address", |b| {
        b.iter(|| black_box(&address).hash());
    });
    c.bench_function("lead id", |b| {
        b.iter(|| LeadId::derive(black_box(&tenant), black_box(email)));
    });
}

criterion_group!(benches, building);
criterion_main!(benches);
