//! The opt-out in any wording (REP-2, R34): phrases, keywords and scripts without spaces together.
//! What only resembles one is marked for a person to look at and never silently ignored.

use super::{
    intent::Keyword,
    keywords,
    phrase::Match,
    rules::{RULES, Says},
    signals::Signals,
    tokens::Token,
};

/// Requests in scripts that do not put spaces between words, and in right-to-left ones.
const UNSPACED: &[&str] = &[
    "退订",
    "退訂",
    "取消订阅",
    "取消訂閱",
    "不要再发",
    "不要再發",
    "别再发",
    "別再發",
    "停止发送",
    "停止發送",
    "请勿打扰",
    "請勿打擾",
    "不要联系",
    "不要聯繫",
    "别联系",
    "删除我",
    "配信停止",
    "登録解除",
    "やめてください",
    "送らないで",
    "連絡しないで",
    "수신거부",
    "그만 보내",
    "연락하지",
    "إلغاء الاشتراك",
    "الغاء الاشتراك",
    "توقف",
    "لا ترسل",
    "לא לשלוח",
    "הסר",
    "הסירו",
    "ยกเลิก",
    "หยุดส่ง",
    "बंद करो",
    "मत भेजो",
];
/// Words that a person should see in context when nothing else explains them.
const DOUBTFUL: &[&str] = &[
    "stop",
    "unsubscribe",
    "unsubscribed",
    "stopall",
    "optout",
    "unsubscribes",
];

const WHOLE: u8 = 99;
const FIRST_SENTENCE: u8 = 96;

/// Adds to `signals` what the phrases alone do not find.
pub(super) fn complete(signals: &mut Signals, text: &str, tokens: &[Token<'_>], found: &[Match]) {
    if signals.keyword == Some(Keyword::Stop) {
        signals.stop.take(WHOLE, 0, tokens.len());
    } else if keywords::opens_with_stop(tokens) {
        signals.stop.take(FIRST_SENTENCE, 0, 1);
    }
    if !text.is_ascii() && UNSPACED.iter().any(|request| text.contains(request)) {
        signals.stop.take(FIRST_SENTENCE, 0, tokens.len());
        signals.stop_foreign = true;
    }
    signals.stop_in_doubt = signals.stop.weight == 0 && is_in_doubt(tokens, found);
}

fn is_in_doubt(tokens: &[Token<'_>], found: &[Match]) -> bool {
    tokens.iter().enumerate().any(|(at, token)| {
        let opt_out = token.word == "out" && at > 0 && tokens[at - 1].word == "opt";
        let doubtful = opt_out || DOUBTFUL.contains(&token.word.as_ref());
        doubtful
            && !found
                .iter()
                .any(|f| RULES.cues(f.entry).says == Says::Idiom && f.start <= at && at < f.end)
    })
}
