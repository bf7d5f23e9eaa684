//! Exact decimal numbers. Terraform computes with 512 bits of binary fraction; a result that has no exact decimal
//! form of 38 digits is not known here.

use std::cmp::Ordering;
use std::fmt;

/// `digits / 10^scale`, without trailing zeros after the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: i128,
    scale: u32,
}

/// More places than this are not computed with.
const MOST_PLACES: u32 = 30;

impl Decimal {
    fn new(mut digits: i128, mut scale: u32) -> Option<Decimal> {
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        (scale <= MOST_PLACES).then_some(Decimal { digits, scale })
    }

    pub(super) fn integer(digits: i128) -> Decimal {
        Decimal { digits, scale: 0 }
    }

    /// Reads `12`, `-1.50` and `1e3`.
    pub(super) fn parse(text: &str) -> Option<Decimal> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, places) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let bare = whole.strip_prefix('-').unwrap_or(whole);
        let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if bare.is_empty() || !figures(bare) || !figures(places) || mantissa.ends_with('.') {
            return None;
        }
        let digits: i128 = format!("{whole}{places}").parse().ok()?;
        // Terraform has a zero with a sign, which is another text.
        if digits == 0 && whole.starts_with('-') {
            return None;
        }
        let scale = i32::try_from(places.len()).ok()?.checked_sub(exponent)?;
        match u32::try_from(scale) {
            Ok(scale) => Decimal::new(digits, scale),
            Err(_) => {
                let power = 10_i128.checked_pow(scale.unsigned_abs())?;
                Some(Decimal::integer(digits.checked_mul(power)?))
            }
        }
    }

    /// The whole number, where it is one.
    pub(super) fn as_integer(self) -> Option<i128> {
        (self.scale == 0).then_some(self.digits)
    }

    pub(super) fn as_index(self) -> Option<usize> {
        self.as_integer().and_then(|whole| usize::try_from(whole).ok())
    }

    /// The digits of two numbers with the same places.
    fn aligned(self, other: Decimal) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let scaled = |one: Decimal| one.digits.checked_mul(10_i128.checked_pow(scale - one.scale)?);
        Some((scaled(self)?, scaled(other)?, scale))
    }

    pub(super) fn plus(self, other: Decimal) -> Option<Decimal> {
        let (a, b, scale) = self.aligned(other)?;
        Decimal::new(a.checked_add(b)?, scale)
    }

    pub(super) fn minus(self, other: Decimal) -> Option<Decimal> {
        let (a, b, scale) = self.aligned(other)?;
        Decimal::new(a.checked_sub(b)?, scale)
    }

    /// The same with the other sign; `None` for zero.
    pub(super) fn negative(self) -> Option<Decimal> {
        let digits = self.digits.checked_neg().filter(|digits| *digits != 0)?;
        Some(Decimal { digits, scale: self.scale })
    }

    pub(super) fn absolute(self) -> Option<Decimal> {
        if self.is_negative() { self.negative() } else { Some(self) }
    }

    fn is_zero(self) -> bool {
        self.digits == 0
    }

    /// The product, where it is not a zero with a sign.
    pub(super) fn times(self, other: Decimal) -> Option<Decimal> {
        if (self.is_zero() || other.is_zero()) && (self.is_negative() || other.is_negative()) {
            return None;
        }
        Decimal::new(self.digits.checked_mul(other.digits)?, self.scale + other.scale)
    }

    /// The quotient, where it is exact.
    pub(super) fn over(self, other: Decimal) -> Option<Decimal> {
        let (mut a, b, _) = self.aligned(other)?;
        if b == 0 || (a == 0 && b < 0) {
            return None;
        }
        for scale in 0..=MOST_PLACES {
            if a % b == 0 {
                return Decimal::new(a / b, scale);
            }
            a = a.checked_mul(10)?;
        }
        None
    }

    pub(super) fn remainder(self, other: Decimal) -> Option<Decimal> {
        let (a, b, scale) = self.aligned(other)?;
        let rest = a.checked_rem(b)?;
        if rest == 0 && (a < 0 || b < 0) { None } else { Decimal::new(rest, scale) }
    }

    pub(super) fn floor(self) -> Option<Decimal> {
        let power = 10_i128.checked_pow(self.scale)?;
        Some(Decimal::integer(self.digits.div_euclid(power)))
    }

    pub(super) fn ceiling(self) -> Option<Decimal> {
        let floor = self.floor()?;
        let ceiling = if floor == self { floor } else { floor.plus(Decimal::integer(1))? };
        if self.is_negative() && ceiling.is_zero() { None } else { Some(ceiling) }
    }

    pub(super) fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// The order, where the numbers are near enough to each other to be compared.
    pub(super) fn compare(self, other: Decimal) -> Option<Ordering> {
        self.aligned(other).map(|(a, b, _)| a.cmp(&b))
    }

    /// With a number of places after the point, halves to the even digit as Go prints them. One that is a half in
    /// decimal alone is a little more or less for Terraform.
    pub(super) fn rounded(self, places: u32) -> Option<String> {
        if self.scale > places {
            let power = 10_i128.checked_pow(self.scale - places)?;
            let (mut whole, rest) = (self.digits / power, (self.digits % power).abs());
            if rest * 2 == power && self.digits % 5_i128.checked_pow(self.scale)? != 0 {
                return None;
            }
            let up = rest * 2 > power || (rest * 2 == power && whole % 2 != 0);
            whole += if up { self.digits.signum() } else { 0 };
            return Some(padded(whole, places));
        }
        let digits = self.digits.checked_mul(10_i128.checked_pow(places - self.scale)?)?;
        Some(padded(digits, places))
    }
}

/// Digits with the point before the last `places` of them.
fn padded(digits: i128, places: u32) -> String {
    let places = places as usize;
    let sign = if digits < 0 { "-" } else { "" };
    let text = format!("{:0>width$}", digits.unsigned_abs(), width = places + 1);
    let (whole, rest) = text.split_at(text.len() - places);
    if places == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&padded(self.digits, self.scale))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(read("0.1").plus(read("0.2")).unwrap(), read("0.3"));
        assert_eq!(read("12345678901234567890").to_string(), "12345678901234567890");
        assert_eq!(read("1e3").to_string(), "1000");
        assert_eq!(read("-1.50").to_string(), "-1.5");
        assert_eq!(read("10").over(read("4")), Some(read("2.5")));
        assert_eq!(read("10").over(read("3")), None, "it has no end");
        assert_eq!(read("10").over(read("0")), None);
        assert_eq!(read("-1.2").floor(), Some(read("-2")));
        assert_eq!(read("-7").remainder(read("3")), Some(read("-1")));
        assert_eq!(read("0.125").rounded(2).as_deref(), Some("0.12"), "halves go to the even digit");
        assert_eq!(read("0.35").rounded(1), None, "it is not a half in binary");
        assert_eq!(read("0").times(read("-2")), None, "it is a zero with a sign");
        assert_eq!(read("-0.5").ceiling(), None, "it is a zero with a sign");
        assert_eq!(read("-1.5").ceiling(), Some(read("-1")));
        for wrong in ["", "-", "-0", "a", "1.", ".5", "1e999", "0x1", "1 2"] {
            assert_eq!(Decimal::parse(wrong), None, "{wrong}");
        }
    }
}
