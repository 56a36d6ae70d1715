//! Providers that fail, one call each: 429 and 500 are tried again and sent once, a call without an answer ends unknown
//! and is never made again (SEND-2, SEND-3).

use anyhow::ensure;
use chrono::TimeDelta;
use touchline_domain::{events::Provider, sending::touch::Outcome};
use touchline_e2e::{
    bed::Bed,
    cast::Cast,
    reckoning::{PATIENCE, Tally},
    simulator::Fault,
    wait,
};

/// A message that a provider would not take comes back after this, in the stack's time.
const COMES_BACK: TimeDelta = TimeDelta::seconds(21);

pub async fn cost_nobody_a_touch(bed: &Bed) -> anyhow::Result<String> {
    // Each at a provider of its own, so that all of them can be waited for at once.
    let faults = [
        ("silent", Provider::Ses, Fault::TimeOut),
        ("hanging", Provider::Clicksend, Fault::HangAfterAccept),
        ("limited", Provider::Twilio, Fault::RateLimit),
        ("broken", Provider::Resend, Fault::ServerError),
    ];
    let mut casts = Vec::new();
    for (name, provider, fault) in faults {
        let cast = Cast::make(bed, crate::leads(name, provider, 1)).await?;
        bed.simulator.fail(cast.calls(), fault, 1).await?;
        casts.push((cast, fault));
    }
    let now = bed.now()?;
    for (cast, _) in &casts {
        bed.queues.put(cast.queue(), &cast.jobs(now)).await?;
    }
    let silent = [Fault::TimeOut, Fault::HangAfterAccept];
    for (cast, _) in casts.iter().filter(|(_, fault)| silent.contains(fault)) {
        bed.ended(cast).await?;
    }
    // The calls without an answer have been given up by now; those that were refused come back.
    bed.advance(COMES_BACK)?;
    for (cast, fault) in &casts {
        bed.ended(cast).await?;
        let failed = bed.simulator.failed(cast.provider.as_str(), *fault).await?;
        ensure!(failed == 1, "{failed} calls failed by {}", fault.as_str());
        let tally = bed.tally(cast).await?;
        let wanted = match fault {
            Fault::TimeOut | Fault::HangAfterAccept => Outcome::Unknown,
            _ => Outcome::Sent,
        };
        ensure!(tally.of(wanted) == 1, "{}: {tally}", fault.as_str());
        // Whatever comes again, nothing is sent again.
        bed.queues.put(cast.queue(), &cast.jobs(now)).await?;
        bed.queues.drained_to(0, cast.queue(), PATIENCE).await?;
    }
    bed.advance(TimeDelta::minutes(10))?;
    let mut told = Vec::new();
    for (cast, fault) in &casts {
        let tally = reconciled(bed, cast, *fault).await?;
        told.push(format!("{}: {tally}", fault.as_str()));
    }
    Ok(told.join("; "))
}

/// What was accepted is known to be sent once its provider tells so; what never arrived stays unknown for a person.
async fn reconciled(bed: &Bed, cast: &Cast, fault: Fault) -> anyhow::Result<Tally> {
    if fault != Fault::TimeOut {
        wait::until("the provider told of the touch", PATIENCE, || async {
            bed.simulator.pump().await?;
            let sent = bed.tally(cast).await?.of(Outcome::Sent);
            Ok((sent == 1).then_some(()))
        })
        .await?;
    }
    bed.reckon(cast).await
}
