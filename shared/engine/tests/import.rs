//! An import against ports in memory that fail when they are told to: whatever happens on the way, the same list comes
//! to the same leads and the same counts (HUB-1, HUB-3, HUB-4).

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use chrono::{DateTime, Utc};
use touchline_domain::{
    contact::Address,
    country::Country,
    ids::{LeadId, TenantId, UploadId},
    import::{Rejected, importer::SNIFF_BYTES},
    sending::{
        lead::Lead,
        tenant::{Subscription, Tenant, Tier},
    },
};
use touchline_engine::{
    import::{
        Counts, Known, LeadWriter,
        run::{Chunks, Ended, FILE_REPLACED, ImportPorts, Opened, Progress, Status, run},
    },
    job::EnrichJob,
    ports::PortError,
};

const KEY: &str = "team_acme/imports/u1/leads.csv";
/// As much as is looked at to open a list, so that each chunk gets the import on.
const CHUNK: usize = SNIFF_BYTES;

#[derive(Default)]
struct Memory {
    file: Vec<u8>,
    etag: &'static str,
    leads: Mutex<BTreeMap<LeadId, Lead>>,
    links: Mutex<HashMap<Address, LeadId>>,
    queued: Mutex<Vec<LeadId>>,
    rejects: Mutex<BTreeMap<u32, usize>>,
    progress: Mutex<Option<Progress>>,
    /// Calls until the process dies; `usize::MAX` for never.
    lives: AtomicUsize,
}

impl Memory {
    fn with(file: &str) -> Self {
        Self {
            file: file.as_bytes().to_vec(),
            etag: "first",
            lives: AtomicUsize::new(usize::MAX),
            ..Self::default()
        }
    }

    /// Dies here if its time has come. Half of what a call writes may be written then.
    fn live(&self) -> Result<(), PortError> {
        let dead = |lives: usize| lives.checked_sub(1);
        match self
            .lives
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, dead)
        {
            Ok(_) => Ok(()),
            Err(_) => Err(PortError::Unavailable {
                what: "process",
                cause: "it was killed".into(),
            }),
        }
    }
}

struct Body(std::vec::IntoIter<Vec<u8>>);

impl Chunks for Body {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, PortError> {
        Ok(self.0.next())
    }
}

impl LeadWriter for Memory {
    async fn known(&self, _: &TenantId, addresses: &[Address]) -> Result<Known, PortError> {
        self.live()?;
        let (links, leads) = (self.links.lock().unwrap(), self.leads.lock().unwrap());
        let mut known = Known::default();
        for (address, id) in addresses.iter().filter_map(|a| links.get_key_value(a)) {
            known.leads.insert(address.clone(), id.clone());
            known.profiles.insert(id.clone(), leads[id].clone());
        }
        Ok(known)
    }

    /// Takes its time, so that the next batch is looked up before this one is there.
    async fn put_profiles(&self, leads: &[&Lead]) -> Result<(), PortError> {
        tokio::task::yield_now().await;
        let alive = self.live();
        let written = if alive.is_ok() {
            leads.len()
        } else {
            leads.len() / 2
        };
        for lead in &leads[..written] {
            self.leads
                .lock()
                .unwrap()
                .insert(lead.id.clone(), (*lead).clone());
            for address in lead.addresses() {
                self.links.lock().unwrap().insert(address, lead.id.clone());
            }
        }
        alive
    }
}

impl ImportPorts for Memory {
    type Body = Body;

    async fn progress(&self, _: &TenantId, _: &UploadId) -> Result<Option<Progress>, PortError> {
        self.live()?;
        Ok(self.progress.lock().unwrap().clone())
    }

    async fn save_progress(&self, progress: &Progress) -> Result<(), PortError> {
        self.live()?;
        *self.progress.lock().unwrap() = Some(progress.clone());
        Ok(())
    }

    async fn queue_enrich(&self, jobs: &[EnrichJob]) -> Result<(), PortError> {
        self.live()?;
        for EnrichJob::V1 { leads, .. } in jobs {
            self.queued.lock().unwrap().extend(leads.iter().cloned());
        }
        Ok(())
    }

    async fn put_rejects(
        &self,
        _: &Progress,
        part: u32,
        rejects: &[Rejected],
    ) -> Result<(), PortError> {
        self.live()?;
        self.rejects.lock().unwrap().insert(part, rejects.len());
        Ok(())
    }

    async fn open(
        &self,
        _: &TenantId,
        key: &str,
        offset: u64,
        etag: Option<&str>,
    ) -> Result<Opened<Body>, PortError> {
        self.live()?;
        assert_eq!(key, KEY);
        if etag.is_some_and(|wanted| wanted != self.etag) {
            return Ok(Opened::Replaced);
        }
        let rest = &self.file[usize::try_from(offset).unwrap()..];
        let chunks: Vec<Vec<u8>> = rest.chunks(CHUNK).map(<[u8]>::to_vec).collect();
        Ok(Opened::File {
            body: Body(chunks.into_iter()),
            etag: Some(self.etag.to_owned()),
        })
    }
}

fn tenant() -> Tenant {
    Tenant {
        id: "acme".parse().unwrap(),
        name: "Acme".into(),
        tier: Tier::Ignition,
        subscription: Subscription::Active,
        manual_mode: false,
        zone: "Australia/Sydney".parse().unwrap(),
        country: Country::AU,
        attested_consent: None,
        register_policy: BTreeMap::new(),
        monthly_budget: None,
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-20T00:00:00Z".parse().unwrap()
}

/// Every tenth row repeats an earlier one, every fiftieth reaches nobody.
fn list(rows: usize) -> String {
    let mut text = String::from("First Name,Email,Mobile Phone\n");
    for n in 0..rows {
        let (person, phone) = match n {
            n if n % 50 == 49 => (String::new(), String::new()),
            n if n % 10 == 9 => (
                format!("P{}@example.com", n / 2 - n / 2 % 10),
                String::new(),
            ),
            n => (format!("p{n}@example.com"), format!("0412{n:06}")),
        };
        writeln!(text, "Kim,{person},{phone}").unwrap();
    }
    text
}

fn upload() -> UploadId {
    "u1".parse().unwrap()
}

async fn import(
    memory: &Memory,
    time_is_up: &(impl Fn() -> bool + Sync),
) -> Result<Ended, PortError> {
    run(memory, &tenant(), &upload(), KEY, &now, time_is_up).await
}

fn finished(ended: Ended) -> Progress {
    match ended {
        Ended::Finished(progress) => progress,
        Ended::Continues(progress) => panic!("stopped at {progress:?}"),
    }
}

async fn undisturbed(rows: usize) -> (Memory, Progress) {
    let memory = Memory::with(&list(rows));
    let progress = finished(import(&memory, &|| false).await.unwrap());
    (memory, progress)
}

#[tokio::test]
async fn hub_3_every_row_ends_as_created_merged_or_rejected() {
    let (memory, progress) = undisturbed(2_500).await;
    let wanted = Counts {
        rows: 2_500,
        created: 2_250,
        merged: 200,
        rejected: 50,
    };
    assert_eq!((progress.status, progress.counts), (Status::Done, wanted));
    assert_eq!(memory.leads.lock().unwrap().len(), 2_250);
    assert_eq!(memory.rejects.lock().unwrap().values().sum::<usize>(), 50);
}

#[tokio::test]
async fn hub_4_a_row_finds_the_lead_that_is_still_being_written() {
    const PEOPLE: usize = 2_000;
    // Each person comes three times, at the distance of a batch or two; the last time only the number tells who it is.
    let mut text = String::from("First Name,Email,Mobile Phone,City\n");
    for n in 0..3 * PEOPLE {
        let person = n % PEOPLE;
        let (email, phone) = (format!("p{person}@example.com"), format!("0412{person:06}"));
        match n / PEOPLE {
            0 => writeln!(text, "Kim,{email},,").unwrap(),
            1 => writeln!(text, "Kim,{email},{phone},").unwrap(),
            _ => writeln!(text, "Kim,,{phone},Perth").unwrap(),
        }
    }
    let memory = Memory::with(&text);
    let progress = finished(import(&memory, &|| false).await.unwrap());
    let counts = (progress.counts.created, progress.counts.merged);
    assert_eq!(counts, (PEOPLE as u64, 2 * PEOPLE as u64));
    let leads = memory.leads.lock().unwrap();
    assert_eq!(leads.len(), PEOPLE);
    let whole = |lead: &Lead| lead.phone.is_some() && lead.city.as_deref() == Some("Perth");
    assert!(leads.values().all(whole));
}

#[tokio::test]
async fn hub_4_a_lead_that_is_being_changed_is_found_by_an_address_of_before() {
    const PEOPLE: usize = 2_000;
    let email = |person: usize| format!("p{person}@example.com");
    let phone = |person: usize| format!("0412{person:06}");
    let list = |row: &dyn Fn(usize) -> String, rows: usize| {
        let mut text = String::from("First Name,Email,Mobile Phone,Company,City\n");
        for n in 0..rows {
            writeln!(text, "Kim,{}", row(n)).unwrap();
        }
        text
    };
    let first = list(&|n| format!("{},{},,", email(n), phone(n)), PEOPLE);
    let mut memory = Memory::with(&first);
    finished(import(&memory, &|| false).await.unwrap());
    // Another list: by e-mail address first, a batch later by number, which the batch before does not name.
    let row = |n: usize| match n.checked_sub(PEOPLE) {
        None => format!("{},,Redgum,", email(n)),
        Some(person) => format!(",{},,Perth", phone(person)),
    };
    memory.file = list(&row, 2 * PEOPLE).into_bytes();
    *memory.progress.lock().unwrap() = None;
    let second: UploadId = "u2".parse().unwrap();
    let ended = run(&memory, &tenant(), &second, KEY, &now, &|| false).await;
    let progress = finished(ended.unwrap());
    assert_eq!(progress.counts.merged, 2 * PEOPLE as u64);
    let leads = memory.leads.lock().unwrap();
    assert_eq!(leads.len(), PEOPLE);
    let whole = |lead: &Lead| lead.company.is_some() && lead.city.is_some();
    assert!(leads.values().all(whole));
}

#[tokio::test]
async fn hub_1_a_list_of_nothing_but_rejects_is_reported_in_parts() {
    const ROWS: usize = 25_000;
    let mut text = String::from("First Name,Email\n");
    text.push_str(&"Kim,none\n".repeat(ROWS));
    let memory = Memory::with(&text);
    let progress = finished(import(&memory, &|| false).await.unwrap());
    assert_eq!(progress.counts.rejected, ROWS as u64);
    let parts = memory.rejects.lock().unwrap();
    assert_eq!(parts.values().sum::<usize>(), ROWS);
    assert!(parts.len() > 1, "{parts:?}");
}

#[tokio::test]
async fn hub_1_a_process_that_dies_at_any_call_costs_no_lead_and_doubles_none() {
    const ROWS: usize = 24_000;
    let (calm, wanted) = undisturbed(ROWS).await;
    for step in [1, 3, 7, 40, 60] {
        let memory = Memory::with(&list(ROWS));
        let mut deaths = 0;
        memory.lives.store(step, Ordering::Relaxed);
        let progress = loop {
            match import(&memory, &|| false).await {
                Ok(ended) => break finished(ended),
                Err(_) => deaths += 1,
            }
            // Each life is twice as long as the one before, so that one of them comes to the end.
            memory.lives.store(step << deaths, Ordering::Relaxed);
        };
        assert!(deaths > 0, "{step}");
        assert_eq!(progress.counts, wanted.counts, "{step}");
        assert_eq!(
            *memory.leads.lock().unwrap(),
            *calm.leads.lock().unwrap(),
            "{step}"
        );
        let mut queued = memory.queued.lock().unwrap().clone();
        queued.sort();
        queued.dedup();
        let all: Vec<LeadId> = calm.leads.lock().unwrap().keys().cloned().collect();
        assert_eq!(queued, all, "{step}");
    }
}

#[tokio::test]
async fn hub_1_an_import_that_runs_out_of_time_goes_on_where_it_stopped() {
    let (calm, wanted) = undisturbed(20_000).await;
    let memory = Memory::with(&list(20_000));
    // Every other question finds the time to be up.
    let up = AtomicBool::new(false);
    let time_is_up = || up.fetch_xor(true, Ordering::Relaxed);
    let mut stops = 0;
    let progress = loop {
        match import(&memory, &time_is_up).await.unwrap() {
            Ended::Continues(_) => stops += 1,
            Ended::Finished(progress) => break progress,
        }
    };
    assert!(stops > 2, "{stops}");
    assert_eq!(progress.counts, wanted.counts);
    assert_eq!(*memory.leads.lock().unwrap(), *calm.leads.lock().unwrap());
}

#[tokio::test]
async fn hub_1_a_file_that_was_replaced_on_the_way_fails_with_its_code_and_is_read_no_further() {
    let mut memory = Memory::with(&list(5_000));
    let stopped = import(&memory, &|| true).await.unwrap();
    assert!(matches!(stopped, Ended::Continues(_)));
    let before = memory.leads.lock().unwrap().len();
    memory.etag = "second";
    let progress = finished(import(&memory, &|| false).await.unwrap());
    let failed = Status::Failed {
        code: FILE_REPLACED.to_owned(),
    };
    assert_eq!(progress.status, failed);
    assert_eq!(memory.leads.lock().unwrap().len(), before);
    // Delivered again it stays so.
    assert_eq!(
        finished(import(&memory, &|| false).await.unwrap()),
        progress
    );
}
