//! How long a row of a list takes, from its bytes to a scored lead. Nothing here asserts a time.

#![allow(clippy::unwrap_used, missing_docs)]

use std::{fmt::Write as _, hint::black_box};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use touchline_domain::{
    contact::phone,
    country::Country,
    import::{ImportDefaults, Importer, LeadRow, RowOutcome},
    scoring::als::{Score, ScoreInput},
};

/// Enough that opening the list does not count.
const ROWS: u64 = 10_000;

fn list() -> String {
    let mut text = String::from(
        "First Name,Last Name,Title,Company,Email,Mobile Phone,Person Linkedin Url,Industry,# Employees,City,State,\
         Postcode,Country\r\n",
    );
    for n in 0..ROWS {
        let end = n * 7_919 % 1_000_000;
        write!(
            text,
            "Ana,Silva,Managing Director,Redgum {n} Pty Ltd,person{n}@redgum{n}.com.au,0412 {:03} {:03},\
             https://www.linkedin.com/in/person-{n},Construction,{},Sydney,NSW,2000,Australia\r\n",
            end / 1_000,
            end % 1_000,
            1 + n % 400,
        )
        .unwrap();
    }
    text
}

fn score(row: &LeadRow) -> Score {
    Score::of(&ScoreInput {
        has_phone: row.phone.is_some(),
        has_linkedin: row.linkedin.is_some(),
        role: row.role,
        employees: row.employees,
        in_home_country: row.country == Some(Country::AU),
        ..ScoreInput::default()
    })
}

fn rows(c: &mut Criterion) {
    let text = list();
    let defaults = ImportDefaults {
        region: Some(Country::AU),
    };
    let mut group = c.benchmark_group("list");
    group.throughput(Throughput::Elements(ROWS)).sample_size(20);
    group.bench_function("CSV row to scored lead", |b| {
        b.iter(|| {
            let mut importer = Importer::new(defaults);
            let mut sum = 0;
            let mut take = |row: RowOutcome| {
                if let RowOutcome::Lead(row) = row {
                    sum += u32::from(score(&row).total);
                }
            };
            // As S3 hands it out.
            for chunk in text.as_bytes().chunks(64 * 1024) {
                importer.push(chunk, &mut take).unwrap();
            }
            importer.finish(&mut take).unwrap();
            black_box(sum)
        });
    });
    group.finish();

    c.bench_function("phone, AU mobile", |b| {
        b.iter(|| phone::parse(black_box("0412 345 678"), Some(Country::AU)));
    });
}

criterion_group!(benches, rows);
criterion_main!(benches);
