//! Text messages measured as networks bill them, and templates that never render a blank.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use touchline_domain::message::{
    Encoding, RenderError, Template, TemplateError, VariableFault,
    sms::{self, measure, plain_punctuation},
    template::{OUTPUT_MAX_BYTES, SOURCE_MAX_BYTES},
    variable::VALUE_MAX_CHARS,
};

#[test]
fn segments_are_counted_as_networks_bill_them() {
    // R33, row by row.
    let long_gsm =
        |left: usize, right: usize| format!("{}€{}", "a".repeat(left), "a".repeat(right));
    for (text, units, segments) in [
        ("a".repeat(160), 160, 1),
        ("a".repeat(161), 161, 2),
        ("a".repeat(306), 306, 2),
        ("a".repeat(307), 307, 3),
        (long_gsm(158, 0), 160, 1),
        (long_gsm(159, 0), 161, 2),
        ("€".repeat(80), 160, 1),
        ("€".repeat(81), 162, 2),
        (long_gsm(152, 152), 306, 3),
        (long_gsm(153, 151), 306, 2),
    ] {
        let size = measure(&text);
        assert_eq!(
            (size.encoding, size.units, size.segments),
            (Encoding::Gsm7, units, segments)
        );
    }
    for (text, units, segments) in [
        ("ŷ".repeat(70), 70, 1),
        ("ŷ".repeat(71), 71, 2),
        ("ŷ".repeat(134), 134, 2),
        ("ŷ".repeat(135), 135, 3),
        ("😀".repeat(35), 70, 1),
        ("😀".repeat(36), 72, 2),
        (format!("{}😀{}", "ŷ".repeat(66), "ŷ".repeat(66)), 134, 3),
    ] {
        let size = measure(&text);
        assert_eq!(
            (size.encoding, size.units, size.segments),
            (Encoding::Ucs2, units, segments)
        );
    }
}

#[test]
fn one_character_outside_the_alphabet_changes_the_whole_encoding() {
    for text in ["`", "ç", "á", "“", "\t"] {
        assert_eq!(measure(text).encoding, Encoding::Ucs2, "{text}");
        assert_eq!(sms::first_beyond_gsm7(text), text.chars().next());
    }
    for text in ["Ç", "", "é à ñ ü ß Ω @ _", "[x] {y} ~ | \\ ^ €\u{c}\r\n"] {
        assert_eq!(measure(text).encoding, Encoding::Gsm7, "{text}");
    }
    assert_eq!((measure("").units, measure("").segments), (0, 1));
    assert_eq!(
        serde_json::to_string(&measure("ŷ")).unwrap(),
        r#"{"encoding":"ucs2","units":1,"segments":1}"#
    );
}

#[test]
fn typographic_punctuation_is_made_plain_and_names_keep_their_letters() {
    assert_eq!(
        plain_punctuation("“It’s” – José\u{a0}…\tok • `x`"),
        "\"It's\" - José ... ok - 'x'"
    );
    assert_eq!(
        measure(&plain_punctuation("Ana’s “offer” — now…")).encoding,
        Encoding::Gsm7
    );
    assert_eq!(plain_punctuation("Nguyễn 😀"), "Nguyễn 😀");
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

fn render(source: &str, pairs: &[(&str, &str)]) -> Result<String, RenderError> {
    Template::parse(source).unwrap().render(&values(pairs))
}

fn fault(source: &str, pairs: &[(&str, &str)]) -> VariableFault {
    match render(source, pairs) {
        Err(RenderError::Variable { fault, .. }) => fault,
        other => panic!("{pairs:?} gave {other:?}"),
    }
}

#[test]
fn a_template_renders_variables_filters_defaults_and_branches() {
    let lead = [
        ("first_name", " ana "),
        ("city", "SYDNEY"),
        ("country", "AU"),
    ];
    for (source, text) in [
        ("Hi {{ first_name }},", "Hi ana,"),
        (
            "Hi {{ first_name | title }} in {{ city|lower|capitalize }}",
            "Hi Ana in Sydney",
        ),
        ("Hi {{ nick | default(\"there\") }}!", "Hi there!"),
        ("{{ nick | default('there') | upper }}", "THERE"),
        ("{% if nick %}{{ nick }}{% else %}Hello{% endif %}", "Hello"),
        (
            "{% if country == 'AU' and not nick %}G'day{% endif %}",
            "G'day",
        ),
        (
            "{% if country != 'AU' or nick is defined %}Hi{% elif city %}Hey{% endif %}",
            "Hey",
        ),
        (
            "{# a note #}Line one\n\nLine two {{ first_name }}",
            "Line one\n\nLine two ana",
        ),
        ("Braces {} and 50% are text", "Braces {} and 50% are text"),
    ] {
        assert_eq!(render(source, &lead).as_deref(), Ok(text), "{source}");
    }
}

#[test]
fn a_variable_that_fails_its_check_stops_the_touch_and_is_named() {
    // SEQ-7.
    use VariableFault as F;
    let long = "x".repeat(VALUE_MAX_CHARS + 1);
    for (value, expected) in [
        ("", F::Empty),
        (" \u{a0}", F::Empty),
        ("null", F::NullLike),
        ("None", F::NullLike),
        ("N/A", F::NullLike),
        ("undefined", F::NullLike),
        ("NaN", F::NullLike),
        ("-", F::NullLike),
        ("Unknown", F::NullLike),
        ("FIRST_NAME", F::Placeholder),
        ("LAST_NAME_2", F::Placeholder),
        ("[NAME]", F::Placeholder),
        ("[First name]", F::Placeholder),
        ("<company>", F::Placeholder),
        ("FIRSTNAME", F::Placeholder),
        ("NAME", F::Placeholder),
        ("First Name", F::Placeholder),
        ("{{first}}", F::MergeTag),
        ("Ana }}", F::MergeTag),
        ("{% if %}", F::MergeTag),
        ("<% name %>", F::MergeTag),
        ("%%name%%", F::MergeTag),
        ("*|FNAME|*", F::MergeTag),
        ("An\u{0}a", F::ControlCharacter),
        ("An\u{202e}a", F::ControlCharacter),
        ("Jos\u{fffd}", F::Garbled),
        (long.as_str(), F::TooLong),
    ] {
        assert_eq!(
            fault("Hi {{ first_name }}", &[("first_name", value)]),
            expected,
            "{value:?}"
        );
    }
    for value in [
        "IBM",
        "ANA",
        "J.",
        "李",
        "O'Brien",
        "Nan",
        "Acme & Co (NSW)",
        "100% Pure",
    ] {
        assert!(
            render("{{ first_name }}", &[("first_name", value)]).is_ok(),
            "{value}"
        );
    }
    let error = render("Hi {{ first_name }}", &[("company", "Acme")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "variable 'first_name' is not usable: missing"
    );
    // A variable that the template does not use cannot stop it.
    assert!(render("Hi {{ a }}", &[("a", "Bo"), ("b", "null")]).is_ok());
}

#[test]
fn a_default_stands_in_for_what_is_absent_and_never_for_what_is_broken() {
    let source = "Hi {{ first_name | default(\"there\") }}";
    for value in ["", "null", "-", "N/A"] {
        assert_eq!(
            render(source, &[("first_name", value)]).as_deref(),
            Ok("Hi there")
        );
    }
    assert_eq!(
        fault(source, &[("first_name", "{{x}}")]),
        VariableFault::MergeTag
    );
    assert_eq!(
        fault(source, &[("first_name", "FIRST_NAME")]),
        VariableFault::Placeholder
    );
}

#[test]
fn a_subject_takes_no_line_end_from_template_or_value() {
    assert_eq!(Template::parse_line("a\nb"), Err(TemplateError::LineBreak));
    let subject = Template::parse_line("For {{ company }}\n").unwrap();
    let broken = values(&[("company", "Acme\r\nBcc: x@y.io")]);
    let Err(RenderError::Variable { fault, .. }) = subject.render_line(&broken) else {
        panic!("rendered a line end");
    };
    assert_eq!(fault, VariableFault::LineBreak);
    assert_eq!(
        subject
            .render_line(&values(&[("company", "Acme")]))
            .as_deref(),
        Ok("For Acme")
    );
}

#[test]
fn what_a_template_may_not_do_is_refused_when_it_is_saved() {
    let deep_if = format!("{}x{}", "{% if a %}".repeat(9), "{% endif %}".repeat(9));
    for source in [
        "{{ 'A' * 100000000 }}",
        "{% for x in y %}{{ x }}{% endfor %}",
        "{% set x = 1 %}",
        "{{ range(10) }}",
        "{{ lead.first_name }}",
        "{{ a['b'] }}",
        "{{ a ~ b }}",
        "{{ a + b }}",
        "{{ a if b else c }}",
        "{{ [a] }}",
        "{{ a | replace('x', 'y') }}",
        "{{ a | default }}",
        "{{ a | default('') }}",
        "{{ a | default('  ') }}",
        "{{ a | default('null') }}",
        "{{ a | default(b) }}",
        "{{ a | upper(1) }}",
        "{{ 'text' }}",
        "{{ 1 }}",
        "{% if a < b %}x{% endif %}",
        "{% if a in b %}x{% endif %}",
        "{% if a is odd %}x{% endif %}",
        "{% with a = 1 %}x{% endwith %}",
        "{% filter upper %}x{% endfilter %}",
        "{% autoescape false %}x{% endautoescape %}",
        &deep_if,
    ] {
        let refused = Template::parse(source);
        assert!(
            matches!(refused, Err(TemplateError::NotAllowed { .. })),
            "{source}: {refused:?}"
        );
    }
    for source in [
        "{{ a",
        "{% if a %}",
        "{{ }}",
        "{% include 'x' %}",
        "{% macro m() %}{% endmacro %}",
    ] {
        assert!(Template::parse(source).is_err(), "{source}");
    }
    for (source, found) in [
        ("Hi {first_name},", "{first_name}"),
        ("Hi { First Name }", "{ First Name }"),
        ("Hi [FIRST NAME]", "[FIRST NAME]"),
        ("Hi %FIRSTNAME%", "%FIRSTNAME%"),
        ("Hi *|FNAME|*", "*|FNAME|*"),
        ("{% raw %}{{ x }}{% endraw %}", "{{"),
    ] {
        assert_eq!(
            Template::parse(source),
            Err(TemplateError::ForeignPlaceholder(found.to_owned())),
            "{source}"
        );
    }
    assert_eq!(Template::parse(" \n"), Err(TemplateError::Empty));
    assert!(matches!(
        Template::parse(&"x".repeat(SOURCE_MAX_BYTES + 1)),
        Err(TemplateError::TooLong(_))
    ));
}

#[test]
fn a_template_built_to_exhaust_the_stack_or_memory_is_refused_or_bounded() {
    let fill = |unit: &str| unit.repeat((SOURCE_MAX_BYTES - 100) / unit.len());
    for source in [
        format!("{{% if {}a %}}x{{% endif %}}", fill("not ")),
        format!("{{{{ {}a }}}}", fill("-")),
        format!("{{{{ {}a }}}}", fill("(")),
        format!("{{{{ a{} }}}}", fill("|trim")),
        format!("{{% if a {} %}}x{{% endif %}}", fill("and a ")),
        format!("{{% if a %}}x{}{{% endif %}}", fill("{% elif a %}")),
        fill("{% if a %}"),
        fill("{{"),
        fill("{%raw%}"),
    ] {
        assert!(Template::parse(&source).is_err(), "{}", &source[..40]);
    }
    let flood = Template::parse(&fill("{{a}}")).unwrap();
    let long = values(&[("a", &"ŷ".repeat(VALUE_MAX_CHARS))]);
    assert_eq!(flood.render(&long), Err(RenderError::TooLong));
}

#[test]
fn a_template_names_its_variables_and_is_stored_as_its_source() {
    let source = "{% if a == 'x' or not b %}{{ c | default('d') }}{% else %}{{ e }}{% endif %}";
    let template = Template::parse(source).unwrap();
    let names: Vec<&str> = template.variables().iter().map(String::as_str).collect();
    assert_eq!(names, ["a", "b", "c", "e"]);
    let json = serde_json::to_string(&template).unwrap();
    assert_eq!(serde_json::from_str::<Template>(&json).unwrap(), template);
    assert!(serde_json::from_str::<Template>("\"{{ a + b }}\"").is_err());
    assert_eq!(
        render("{% if a %}x{% endif %}", &[]),
        Err(RenderError::Blank)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn segments_hold_their_units_and_plain_punctuation_is_stable(text in "[a-z€ŷ😀’—\\n]{0,400}") {
        let size = measure(&text);
        prop_assert!(size.units <= size.encoding.capacity(size.segments));
        // At most one unit is lost in each segment, for a character of two units that did not fit.
        let room = size.encoding.capacity(2) / 2 - 1;
        prop_assert!(size.segments == 1 || size.units > room * (size.segments - 1));
        let plain = plain_punctuation(&text);
        prop_assert_eq!(plain_punctuation(&plain), plain.clone());
    }

    #[test]
    fn no_source_and_no_value_make_a_template_panic_or_show_a_mark(
        source in "([a-z {}%|\\n]|\\{\\{ a \\}\\}|\\{% if a %\\}|\\{% endif %\\}){0,12}",
        value in ".{0,30}",
    ) {
        if let Ok(template) = Template::parse(&source)
            && let Ok(text) = template.render(&values(&[("a", &value)]))
        {
            prop_assert!(!text.trim().is_empty() && text.len() <= OUTPUT_MAX_BYTES + 4 * VALUE_MAX_CHARS);
            if source == "{{ a }}" {
                prop_assert!(!text.contains("{{") && !text.contains("}}"));
            }
        }
    }
}
