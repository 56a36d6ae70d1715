"""Writes contact_phones.tsv: what Google's libphonenumber says of each number (PyPI phonenumbers).

A messy row names the plain spelling that it must be read as; the verdict is always the library's.
Run: python contact_phones.py > contact_phones.tsv
"""

import phonenumbers as p

KINDS = {
    0: "fixed_line", 1: "mobile", 2: "fixed_line_or_mobile", 3: "toll_free", 4: "premium",
    5: "shared_cost", 6: "voip", 7: "personal_number", 8: "pager", 9: "uan", 10: "voicemail",
    99: "unknown",
}

# raw, region, plain spelling where it differs
HAND = [
    ("(02) 9374 4000", "AU", None), ("0412 345 678", "AU", None), ("+61 (0)412 345 678", "", None),
    ("+61 (0) 412-345-678", "AU", None), ("'0412345678", "AU", "0412345678"), ("tel:+61412345678", "", None),
    ("tel:+61-2-9374-4000;ext=12", "", None), ("0293744000 x123", "AU", None), ("02 9374 4000 ext. 4", "AU", None),
    ("02 9374 4000 extension 17", "AU", None), ("0011 61 412 345 678", "AU", None), ("0061 412 345 678", "AU", "+61412345678"),
    ("0061412345678", "", "+61412345678"), ("0011 61 412 345 678", "", "+61412345678"), ("0011 1 650 253 0000", "AU", None),
    ("412345678", "AU", None), ("61412345678", "AU", None), ("61412345678.0", "AU", "61412345678"),
    ("412345678.0", "AU", "412345678"), ('="0412345678"', "AU", "0412345678"), ("\u202a+61 412 345 678\u202c", "", "+61412345678"),
    ("\uff0b\uff16\uff11 \uff14\uff11\uff12 \uff13\uff14\uff15 \uff16\uff17\uff18", "", None), ("\u0660\u0664\u0661\u0662 \u0663\u0664\u0665 \u0666\u0667\u0668", "AU", None),
    ("0412\u00a0345\u00a0678", "AU", None), ("0412\u2013345\u2013678", "AU", None), ("0412\u2011345\u2011678", "AU", None), ("0412.345.678", "AU", None),
    ("0412 345 678 / 02 9374 4000", "AU", "0412345678"), ("02 9374 4000; 0412 345 678", "AU", "0293744000"), ("12345, 0412 345 678", "AU", "0412345678"),
    ("0412 345 678 or 0498 765 432", "AU", "0412345678"), ("0412 345 678 (mobile)", "AU", "0412345678"), ("Mobile: 0412 345 678", "AU", None),
    ("M 0412 345 678", "AU", None), ("Ph. (03) 9650 1234", "AU", None), ("02/9374 4000", "AU", None), ("+0412 345 678", "AU", "0412345678"),
    ("(+61) 412 345 678", "", None), ("+61-412-345-678", "US", None), ("+610412345678", "", None), ("61 2 9374 4000", "AU", None),
    ("13 12 13", "AU", None), ("1300 975 707", "AU", None), ("1800 123 456", "AU", None), ("1800 FLOWER", "AU", None), ("1900 654 321", "AU", None),
    ("0550 123 456", "AU", None), ("0491 570 156", "AU", None), ("08 9162 4321", "AU", None), ("08 8080 1234", "AU", None), ("(07) 3010 1234", "AU", None),
    ("03 6210 1234", "AU", None), ("9374 4000", "AU", None), ("000", "AU", None), ("0512 345 678", "AU", None), ("0412 345 67", "AU", None),
    ("0412 345 6789", "AU", None), ("0012 345 678", "AU", None), ("0412345678", "", None), ("0412345678", "US", None), ("12345", "AU", None),
    ("no phone", "AU", None), ("ext 4", "AU", None), ("+999 123 456 789", "", None), ("+61", "", None), ("+", "AU", None), ("call me", "US", None),
    ("650-253-0000", "US", None), ("+1 (650) 253-0000", "", None), ("1-650-253-0000 x99", "US", None), ("(212) 555-0143", "US", None), ("1-800-466-4411", "US", None),
    ("1-800-GOOG-411", "US", None), ("900-234-5678", "US", None), ("+1 416 555 0123", "", None), ("604 555 0199", "CA", None), ("+1 787 764 1234", "", None),
    ("+1 876 924 1234", "", None), ("555-0143", "US", None), ("111-222-3333", "US", None), ("011 61 412 345 678", "US", None), ("16502530000", "US", None),
    ("021 123 4567", "NZ", None), ("09 373 7999", "NZ", None), ("0800 123 456", "NZ", None), ("+64 (0)21 123 4567", "", None), ("00 61 412 345 678", "NZ", None),
    ("07400 123456", "GB", None), ("020 7031 3000", "GB", None), ("+44 (0)20 7031 3000", "", None), ("0845 123 4567", "GB", None), ("0300 123 1234", "GB", None),
    ("07012 345678", "GB", None), ("056 1234 5678", "GB", None), ("6521 8000", "SG", None), ("8123 4567", "SG", None), ("1800 123 4567", "SG", None),
    ("081234 56789", "IN", None), ("+91 80 6721 8000", "", None), ("+49 30 123456", "", None), ("030/123456", "DE", None), ("+33 6 12 34 56 78", "", None),
    ("+39 02 3661 8300", "", None), ("+54 9 11 8765 4321", "", None), ("+52 55 1234 5678", "", None), ("+800 1234 5678", "", None), ("+852 5123 4567", "", None),
    ("+86 138 0013 8000", "", None), ("+81 90 1234 5678", "", None), ("+353 85 012 3456", "", None), ("+679 701 2345", "", None), ("+675 7012 3456", "", None),
]
REGIONS = ["AU", "NZ", "US", "CA", "GB", "SG", "IE", "IN"]


def verdict(raw, region):
    try:
        number = p.parse(raw, region or None)
    except p.NumberParseException:
        return ["no", "", "", "", ""]
    if not p.is_valid_number(number):
        return ["no", "", "", "", ""]
    country = p.region_code_for_number(number) or ""
    country = "" if country == "001" else country
    return ["yes", p.format_number(number, p.PhoneNumberFormat.E164), country, KINDS[p.number_type(number)], number.extension or ""]


def rows():
    for raw, region, plain in HAND:
        yield raw, region, plain or raw
    styles = [p.PhoneNumberFormat.NATIONAL, p.PhoneNumberFormat.INTERNATIONAL, p.PhoneNumberFormat.RFC3966]
    for region in REGIONS:
        for turn, kind in enumerate(sorted(KINDS)):
            number = p.example_number_for_type(region, kind)
            if number is not None:
                raw = p.format_number(number, styles[turn % 3])
                yield raw, region if turn % 3 == 0 else "", raw


print("raw\tregion\tvalid\te164\tcountry\tkind\textension")
for raw, region, plain in rows():
    print("\t".join([raw, region, *verdict(plain, region)]))
