//! What holds for every file, however broken, however cut into chunks, wherever its reading was interrupted (HUB-1, HUB-3).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use touchline_domain::{
    country::Country,
    import::{
        Checkpoint, Explainer, FileError, ImportDefaults, Importer, Report, RowOutcome, Rows,
        records::MAX_QUOTED_LINES,
    },
};

const DEFAULTS: ImportDefaults = ImportDefaults {
    region: Some(Country::AU),
};

fn report(file: &[u8], listing: Rows) -> Result<Report, FileError> {
    let mut explainer = Explainer::new(DEFAULTS, listing);
    explainer.push(file)?;
    explainer.finish()
}

/// All outcomes of a file, and the checkpoint after each chunk with the number of outcomes before it.
type Run = (Vec<RowOutcome>, Vec<(usize, Checkpoint)>);

/// Pushes a file in chunks of `sizes`, again and again.
fn read(mut importer: Importer, bytes: &[u8], sizes: &[usize]) -> Result<Run, FileError> {
    let mut outcomes = Vec::new();
    let mut checkpoints = Vec::new();
    let mut rest = bytes;
    for size in sizes.iter().cycle() {
        let (chunk, tail) = rest.split_at(rest.len().min(*size));
        importer.push(chunk, &mut |outcome| outcomes.push(outcome))?;
        checkpoints.extend(importer.checkpoint().map(|at| (outcomes.len(), at)));
        rest = tail;
        if rest.is_empty() {
            break;
        }
    }
    importer.finish(&mut |outcome| outcomes.push(outcome))?;
    checkpoints.extend(importer.checkpoint().map(|at| (outcomes.len(), at)));
    Ok((outcomes, checkpoints))
}

/// The place behind the header in three formats, from which bytes are read as they come and not sampled first.
fn behind_headers() -> Vec<Checkpoint> {
    let header = "Email,Name,Phone,Other\n";
    let files: [Vec<u8>; 3] = [
        header.bytes().collect(),
        header.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        header.replace(',', ";").replace('\n', "\r").into_bytes(),
    ];
    let behind = |file: Vec<u8>| {
        let (_, checkpoints) = read(Importer::new(DEFAULTS), &file, &[usize::MAX]).unwrap();
        checkpoints.into_iter().map(|(_, checkpoint)| checkpoint)
    };
    files.into_iter().flat_map(behind).collect()
}

/// Text made of what makes parsing hard, below a header that maps.
fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zé田]{1,6}",
        2 => Just("ana@b.example".to_owned()),
        2 => Just("0491 570 156".to_owned()),
        4 => Just(",".to_owned()),
        3 => Just("\n".to_owned()),
        1 => Just("\r\n".to_owned()),
        1 => Just("\r".to_owned()),
        3 => Just("\"".to_owned()),
        1 => Just("\"\"".to_owned()),
        1 => Just("\u{0}".to_owned()),
        1 => Just("🎉;|\t".to_owned()),
    ];
    prop::collection::vec(piece, 0..120)
        .prop_map(|pieces| format!("Email,Name,Phone,Other\n{}", pieces.concat()))
}

fn hostile_file() -> impl Strategy<Value = Vec<u8>> {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    prop_oneof![
        hostile_text().prop_map(String::into_bytes),
        hostile_text().prop_map(move |text| utf16(&format!("\u{FEFF}{text}"))),
        hostile_text()
            .prop_map(|text| text.replace('é', "\u{1}").into_bytes())
            .prop_map(|bytes| bytes
                .into_iter()
                .map(|b| if b == 1 { 0xE9 } else { b })
                .collect()),
        prop::collection::vec(any::<u8>(), 0..400),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn every_row_of_any_file_ends_once_and_the_counts_add_up_hub_3(file in hostile_file()) {
        if let Ok(report) = self::report(&file, Rows::Listed) {
            let rejected = report.rejected.len() as u64;
            prop_assert_eq!(report.rows, report.accepted + report.duplicates + rejected);
            let leads = report.leads.unwrap_or_default();
            prop_assert_eq!(leads.len() as u64, report.accepted);
            let mut rows: Vec<u64> = leads.iter().map(|lead| lead.row).collect();
            rows.extend(report.rejected.iter().map(|line| line.row));
            rows.sort_unstable();
            rows.dedup();
            prop_assert_eq!(rows.len() as u64, report.accepted + rejected);
            prop_assert!(rows.last().is_none_or(|last| *last <= report.rows));
            prop_assert!(leads.iter().all(|l| l.email.is_some() || l.phone.is_some() || l.linkedin.is_some()));
        }
    }

    #[test]
    fn chunk_boundaries_do_not_matter_hub_1(file in hostile_file(), sizes in prop::collection::vec(1usize..40, 1..6)) {
        for start in behind_headers() {
            let resumed = || Importer::resume(start.clone(), DEFAULTS);
            let (whole, _) = read(resumed(), &file, &[usize::MAX]).unwrap();
            let (chunked, _) = read(resumed(), &file, &sizes).unwrap();
            prop_assert_eq!(chunked, whole);
        }
    }

    #[test]
    fn a_small_sample_decides_alike_in_any_chunks(file in hostile_file(), size in 1usize..40) {
        let mut explainer = Explainer::new(DEFAULTS, Rows::Listed);
        let pushed = file.chunks(size).try_for_each(|chunk| explainer.push(chunk));
        let chunked = pushed.and_then(|()| explainer.finish());
        prop_assert_eq!(chunked, report(&file, Rows::Listed));
    }
}

/// A file of more than the sample, so that checkpoints lie in its middle.
fn long_file() -> impl Strategy<Value = Vec<u8>> {
    (prop::collection::vec(hostile_text(), 1..4), 0usize..3).prop_map(|(texts, encoding)| {
        let mut text = String::from("Notes: my list\n\nEmail,Name,Phone,Other\n");
        for row in 0..2500 {
            let cell = &texts[row % texts.len()];
            let short: String = cell.chars().skip(24).take(row % 9).collect();
            text.push_str(&format!(
                "p{row}@b.example,Zoë {row},0491 570 156,{short}\n"
            ));
        }
        match encoding {
            0 => text.into_bytes(),
            1 => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?'))
                .collect(),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn going_on_from_any_checkpoint_gives_what_a_straight_run_gives_hub_1(
        file in long_file(),
        size in 5_000usize..20_000,
    ) {
        let (straight, checkpoints) = read(Importer::new(DEFAULTS), &file, &[size]).unwrap();
        prop_assert!(checkpoints.len() > 2, "no checkpoint inside the file");
        for (before, checkpoint) in checkpoints {
            let stored = serde_json::to_string(&checkpoint).unwrap();
            let checkpoint: Checkpoint = serde_json::from_str(&stored).unwrap();
            let offset = usize::try_from(checkpoint.position.offset).unwrap();
            prop_assert_eq!(usize::try_from(checkpoint.position.rows).unwrap(), before);
            let resumed = Importer::resume(checkpoint, DEFAULTS);
            let (rest, _) = read(resumed, &file[offset.min(file.len())..], &[7919]).unwrap();
            prop_assert_eq!(&straight[before..], &rest[..]);
        }
    }
}

#[test]
fn an_open_quote_is_given_up_after_so_many_lines_hub_3() {
    let lines = usize::try_from(MAX_QUOTED_LINES).unwrap() + 2;
    let file = format!(
        "Email,Note\na@b.example,\"open\n{}",
        "c@d.example,x\n".repeat(lines)
    );
    let report = self::report(file.as_bytes(), Rows::Counted).unwrap();
    assert_eq!((report.rejected.len(), report.accepted), (1, 1));
    assert_eq!(report.duplicates as usize, lines - 1);
}
