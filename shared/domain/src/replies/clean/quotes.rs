//! Removes the thread that a mail program quotes below or above an answer. Lines that follow `>` lines are the writer's
//! and stay.

/// "wrote:" in the languages of common mail programs.
const WROTE: [&str; 13] = [
    "wrote:",
    "wrote :",
    "a écrit :",
    "a écrit:",
    "a écrit",
    "escribió:",
    "schrieb:",
    "ha scritto:",
    "escreveu:",
    "schreef:",
    "skrev:",
    "napisał(a):",
    "> wrote",
];
const OPENERS: [&str; 10] = [
    "On ", "Le ", "El ", "Am ", "Il ", "Em ", "Op ", "Den ", "W dniu ", "Quoting ",
];
/// Lines from which nothing is the writer's.
const DIVIDERS: [&str; 14] = [
    "-----original message",
    "---- original message",
    "----- original message",
    "--- original message",
    "---------- forwarded message",
    "----- forwarded message",
    "begin forwarded message",
    "-----message d'origine",
    "-----ursprüngliche nachricht",
    "-----mensaje original",
    "----- reply message",
    "-----messaggio originale",
    "-----oorspronkelijk bericht",
    "--------- original message",
];
/// First header of a quoted block, and what must follow it within a few lines.
const FROM: [&str; 8] = [
    "from:", "de:", "von:", "da:", "van:", "*from:", "från:", "od:",
];
const THEN: [&str; 22] = [
    "sent:",
    "to:",
    "subject:",
    "date:",
    "envoyé:",
    "à:",
    "objet:",
    "gesendet:",
    "an:",
    "betreff:",
    "enviado:",
    "para:",
    "asunto:",
    "inviato:",
    "a:",
    "oggetto:",
    "verzonden:",
    "aan:",
    "onderwerp:",
    "assunto:",
    "*sent:",
    "*to:",
];

/// `text` without its quoted parts.
pub(super) fn without(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept: Vec<&str> = Vec::with_capacity(lines.len());
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim();
        if line.starts_with('>') || line.starts_with("|>") {
            at += 1;
        } else if is_divider(line) || is_header_block(&lines, at) {
            return kept.join("\n");
        } else if let Some(length) = wrote_line(&lines, at) {
            let below = &lines[at + length..];
            if !below.iter().any(|l| l.trim_start().starts_with('>')) {
                return if kept.iter().all(|l| l.trim().is_empty()) {
                    String::new()
                } else {
                    kept.join("\n")
                };
            }
            at += length;
        } else if let Some(cut) = inline_quote(line) {
            kept.push(line[..cut].trim_end());
            return kept.join("\n");
        } else {
            kept.push(lines[at]);
            at += 1;
        }
    }
    kept.join("\n")
}

fn is_divider(line: &str) -> bool {
    if line.len() >= 20 && line.bytes().all(|b| b == b'_') {
        return true;
    }
    line.starts_with('-') && starts_any(line, &DIVIDERS) || starts_any(line, &DIVIDERS[6..7])
}

fn starts_any(line: &str, beginnings: &[&str]) -> bool {
    let begins = |beginning: &&str| {
        let mut head = line.chars().flat_map(char::to_lowercase);
        beginning.chars().all(|c| head.next() == Some(c))
    };
    beginnings.iter().any(begins)
}

fn is_header_block(lines: &[&str], at: usize) -> bool {
    starts_any(lines[at].trim(), &FROM)
        && lines[at + 1..]
            .iter()
            .take(5)
            .any(|line| starts_any(line.trim(), &THEN))
}

/// How many lines an "On … wrote:" beginning at `at` takes, at most three.
fn wrote_line(lines: &[&str], at: usize) -> Option<usize> {
    let first = lines[at].trim();
    let opens = OPENERS.iter().any(|o| first.starts_with(o));
    (1..=3).filter(|_| opens).find(|length| {
        lines.get(at + length - 1).is_some_and(|line| {
            let end = line.trim_end();
            WROTE.iter().any(|w| end.ends_with(w))
        })
    })
}

/// Where a thread begins that was flattened into the line of the answer.
fn inline_quote(line: &str) -> Option<usize> {
    if !may_have_wrote(line) {
        return None;
    }
    let wrote = WROTE.iter().filter_map(|w| line.find(w)).min()?;
    let opener = OPENERS
        .iter()
        .filter_map(|o| line[..wrote].rfind(&format!(" {o}")))
        .max()?;
    let dated = line[opener..wrote].bytes().any(|b| b.is_ascii_digit());
    dated.then_some(opener)
}

/// Whether [`WROTE`] is worth looking for: few lines have what one of them ends with, or a sign that the others have.
fn may_have_wrote(line: &str) -> bool {
    let ends = |(at, _)| WROTE.iter().any(|wrote| line[..=at].ends_with(wrote));
    !line.is_ascii() || line.contains('>') || line.match_indices(':').any(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_wrote_is_worth_looking_for() {
        for wrote in WROTE {
            assert!(
                may_have_wrote(&format!("Yes. On 3 May Tom {wrote} hello")),
                "{wrote}"
            );
        }
        assert!(!may_have_wrote("Call me at 3:30, the number is: 12"));
    }
}
