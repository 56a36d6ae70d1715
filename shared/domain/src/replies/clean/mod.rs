//! Keeps only what the writer of a reply wrote: no markup, no quoted thread, no signature, no disclaimer, and never our
//! own footer quoted back (R34). Where only a sign-off was written, it is the message: "Thanks, Bob".

mod footer;
mod html;
mod quotes;
mod signature;

use std::borrow::Cow;

use super::fold;

/// No reply is read beyond this many bytes; what follows is never the writer's answer.
pub(super) const MOST_BYTES: usize = 40_000;

/// The writer's own words of `text`.
pub(super) fn own_words(text: &str) -> String {
    let text = html::to_text(cut(text));
    let visible = fold::visible(&text);
    let unix = if visible.contains('\r') {
        Cow::Owned(visible.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        visible
    };
    let unquoted = match quotes::without(&unix) {
        nothing if nothing.trim().is_empty() => all_quoted(&unix).unwrap_or(nothing),
        own => own,
    };
    let unsigned = signature::without(&unquoted);
    footer::without(&unwrapped(&unsigned))
}

/// The words of a short message of which every line is quoted: some programs quote what their user writes. A whole
/// thread sent back with nothing added counts as empty.
fn all_quoted(text: &str) -> Option<String> {
    const FEW_BYTES: usize = 160;
    let lines = text.lines().map(|l| l.trim_start_matches(['>', ' ', '|']));
    let words = lines.collect::<Vec<_>>().join("\n").trim().to_owned();
    let few = !words.is_empty() && words.len() <= FEW_BYTES && !words.contains("wrote:");
    few.then_some(words)
}

fn cut(text: &str) -> &str {
    if text.len() <= MOST_BYTES {
        return text;
    }
    let end = (0..=MOST_BYTES).rev().find(|i| text.is_char_boundary(*i));
    &text[..end.unwrap_or(0)]
}

/// Lines that a mail program wrapped are joined, so that a phrase may run across them.
fn unwrapped(text: &str) -> String {
    const WRAPPED_FROM: usize = 56;
    let mut joined = String::with_capacity(text.len());
    for line in text.lines() {
        let previous = joined.rsplit('\n').next().unwrap_or("");
        let wrapped = previous.len() >= WRAPPED_FROM
            && previous.ends_with(|c: char| c.is_alphanumeric() || c == ',')
            && line.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
        if !joined.is_empty() {
            joined.push(if wrapped { ' ' } else { '\n' });
        }
        joined.push_str(line.trim());
    }
    joined.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::own_words;

    #[test]
    fn a_quoted_thread_is_not_the_writers() {
        let text = "Yes please\n\nOn Mon, 3 Nov 2026 at 09:12, Tom <t@x.com>\nwrote:\n> Reply STOP to opt out";
        assert_eq!(own_words(text), "Yes please");
        let outlook = "Sure\n\nFrom: Tom\nSent: Monday\nTo: Fred\nSubject: Hi\n\nunsubscribe here";
        assert_eq!(own_words(outlook), "Sure");
        let french = "Oui\n\nLe lun. 3 nov. 2026 à 09:12, Tom <t@x.com> a écrit :\n> stop";
        assert_eq!(own_words(french), "Oui");
    }

    #[test]
    fn an_answer_below_the_quote_is_kept() {
        let text = "On Mon, Tom wrote:\n> Would you like a chat?\n\nNo, take me off your list";
        assert_eq!(own_words(text), "No, take me off your list");
    }

    #[test]
    fn a_signature_goes_but_a_lone_sign_off_stays() {
        assert_eq!(
            own_words("What is the price?\n\nThanks,\nLee\n0412 555 111"),
            "What is the price?"
        );
        assert_eq!(own_words("Thanks,\nBob"), "Thanks,\nBob");
        assert_eq!(own_words("Remove me\n\nSent from my iPhone"), "Remove me");
    }

    #[test]
    fn what_a_message_says_of_itself_is_no_request() {
        for disclaimer in [
            "This message is confidential. If it reached you by mistake, remove it from your system.",
            "[This e-mail may be privileged. If you are not the addressee please delete it at once.]",
        ] {
            let text = format!("Wednesday at two suits.\n\n{disclaimer}");
            assert_eq!(own_words(&text).trim(), "Wednesday at two suits.");
        }
    }

    #[test]
    fn a_postscript_below_the_signature_is_kept() {
        let text = "Not for us.\n\nRegards\nIan\n\nPS please remove me from your list";
        assert!(own_words(text).contains("remove me"));
    }

    #[test]
    fn our_own_footer_quoted_back_leaves_nothing_of_itself() {
        assert_eq!(own_words("Yes. Reply STOP to opt out."), "Yes.");
        assert_eq!(
            own_words("Great!\nTo unsubscribe click here: https://x.com/u"),
            "Great!"
        );
    }

    #[test]
    fn markup_becomes_lines_of_text() {
        let html =
            "<html><body><p>Stop &amp; think</p><div class=\"gmail_quote\">old</div></body></html>";
        assert_eq!(own_words(html), "Stop & think");
    }
}
