//! Normalises letters, so that `ＳＴＯＰ`, `Ѕtор` and `stop` with hidden characters are the same word. It refuses nothing:
//! an unknown letter stays as it is.

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Compatibility-normalised text without invisible characters; the lines and the case stay.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter(|c| !is_invisible(*c)).map(plain_space);
    Cow::Owned(
        kept.nfkc()
            .map(plain_quote)
            .filter(|c| !is_invisible(*c))
            .collect(),
    )
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0000}'..='\u{E0FFF}')
}

fn plain_space(c: char) -> char {
    match c {
        '\u{2028}' | '\u{2029}' | '\u{0085}' => '\n',
        c if c != '\n' && c != '\r' && c.is_whitespace() => ' ',
        c => c,
    }
}

fn plain_quote(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{00B4}' | '`' => '\'',
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{00AB}' | '\u{00BB}' => '"',
        '\u{2010}'..='\u{2015}' => '-',
        c => c,
    }
}

/// One word in lower case without accents.
#[must_use]
pub fn word(raw: &str) -> String {
    if raw.is_ascii() {
        return raw.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(raw.len());
    for c in raw.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'ß' => folded.push_str("ss"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            _ => folded.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
        }
    }
    folded
}

/// The Latin letters that a word of Cyrillic or Greek letters looks like; nothing when a letter has no twin.
#[must_use]
pub fn latin_twin(folded: &str) -> Option<String> {
    if folded.is_ascii() {
        return None;
    }
    folded.chars().map(twin_letter).collect()
}

fn twin_letter(c: char) -> Option<char> {
    Some(match c {
        c if c.is_ascii() => c,
        'а' | 'α' | 'ɑ' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' | 'ᴄ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' | 'ҽ' => 'e',
        'н' | 'һ' | 'η' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' | 'ᴍ' => 'm',
        'п' | 'ո' => 'n',
        'о' | 'ο' | 'σ' | 'օ' | 'ᴏ' => 'o',
        'р' | 'ρ' | 'ᴘ' => 'p',
        'ԛ' => 'q',
        'г' | 'ʀ' => 'r',
        'ѕ' | 'ꜱ' => 's',
        'т' | 'τ' | 'ᴛ' => 't',
        'υ' | 'ս' | 'ц' | 'ᴜ' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ω' | 'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        _ => return None,
    })
}

/// Digits and signs read as the letters they imitate: `st0p` and `$top` give `stop`.
#[must_use]
pub fn unleet(folded: &str) -> Option<String> {
    let disguised = folded
        .bytes()
        .any(|b| b.is_ascii_digit() || matches!(b, b'$' | b'@' | b'!'));
    let lettered = folded.bytes().any(|b| b.is_ascii_alphabetic());
    (disguised && lettered).then(|| {
        folded
            .chars()
            .map(|c| match c {
                '0' => 'o',
                '1' | '!' => 'i',
                '3' => 'e',
                '4' | '@' => 'a',
                '5' | '$' => 's',
                '7' => 't',
                '8' => 'b',
                c => c,
            })
            .collect()
    })
}

/// The word with every run of three or more equal letters cut to `keep` of them; nothing when there is no such run.
#[must_use]
pub fn shortened_runs(word: &str, keep: usize) -> Option<String> {
    let mut short = String::with_capacity(word.len());
    let mut run = 0;
    let mut longest = 0;
    let mut last = None;
    for c in word.chars().chain(std::iter::once('\0')) {
        if last == Some(c) {
            run += 1;
        } else {
            let shown = if run >= 3 { keep } else { run };
            if let Some(previous) = last {
                short.extend(std::iter::repeat_n(previous, shown));
            }
            longest = longest.max(run);
            run = 1;
            last = Some(c);
        }
    }
    (longest >= 3).then_some(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_and_hidden_characters_fold_to_plain_letters() {
        assert_eq!(visible("Ｓ\u{200B}ＴＯＰ"), "STOP");
        assert_eq!(word("ARRÊT"), "arret");
        assert_eq!(word("désabonner"), "desabonner");
    }

    #[test]
    fn look_alike_letters_give_their_latin_twins() {
        assert_eq!(latin_twin(&word("Ѕtор")).as_deref(), Some("stop"));
        assert_eq!(latin_twin("退订"), None);
    }

    #[test]
    fn digits_in_a_word_are_read_as_letters_only_beside_letters() {
        assert_eq!(unleet("st0p").as_deref(), Some("stop"));
        assert_eq!(unleet("50"), None);
    }

    #[test]
    fn long_runs_of_a_letter_are_cut_to_the_length_asked_for() {
        assert_eq!(shortened_runs("stoooop", 1).as_deref(), Some("stop"));
        assert_eq!(shortened_runs("wooops", 2).as_deref(), Some("woops"));
        assert_eq!(shortened_runs("soon", 1), None);
    }
}
