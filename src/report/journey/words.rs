//! Answers and journeys in sentences.

use super::JourneyReport;
use crate::journey::{
    Actor, Answer, Best, Condition, Entrance, Gain, How, Journey, Journeys, Proof, Question, Sure,
};
use crate::outcome::Outcome;
use crate::report::ansi::count;

/// The answer of a run in one line.
pub fn answer(report: &JourneyReport<'_>) -> String {
    let pools = &report.run.pools;
    if let Outcome::Interrupted(_) = report.outcome {
        return format!("interrupted after {}", count(pools.len(), "pool"));
    }
    let unread = match report.run.unread.len() {
        0 => String::new(),
        number => format!("; {} could not be read", count(number, "part")),
    };
    if pools.is_empty() {
        return format!("no pool was read{unread}");
    }
    let of = |answers: fn(Best, Best) -> bool| {
        let fits = |journeys: &Journeys| match journeys.answer(Question::StrangerToken) {
            Some(Answer::Gets { proven, possible, .. }) => answers(*proven, *possible),
            Some(Answer::Names { .. } | Answer::Seconds { .. }) | None => false,
        };
        pools.iter().filter(|(_, journeys)| fits(journeys)).count()
    };
    let yes = of(|proven, _| proven.0 == Sure::Yes);
    let perhaps = of(|proven, _| proven.0 == Sure::Conditional);
    let no = of(|_, possible| possible.0 == Sure::No);
    let unknown = pools.len() - yes - perhaps - no;
    let parts = [(yes, "yes"), (perhaps, "conditional"), (no, "no"), (unknown, "unknown")];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, word)| format!("{word} for {}", count(*n, "pool")))
        .collect();
    let open = pools.iter().flat_map(|(_, journeys)| &journeys.answers);
    let unknown = match open.filter(|(_, answer)| answer.is_unknown()).count() {
        0 => String::new(),
        number => format!("; {} unknown", count(number, "answer")),
    };
    format!("can a stranger get a token or a session: {}{unknown}{unread}", parts.join(", "))
}

/// The answer about strangers, in a sentence.
pub(super) fn headline(journeys: &Journeys) -> String {
    let Some(Answer::Gets { proven, possible, .. }) = journeys.answer(Question::StrangerToken) else {
        return "nothing is known".to_owned();
    };
    let perhaps = match possible.0 {
        Sure::Yes if *possible > *proven && possible.0 > proven.0 => {
            " (more is possible, if what was not read allows it)"
        }
        Sure::Yes | Sure::Conditional | Sure::No => "",
    };
    match (proven.0, possible.0) {
        (Sure::Yes, _) => format!("a stranger gets a {}", gain(*proven)),
        (Sure::Conditional, _) => format!("a stranger gets a {} under conditions{perhaps}", gain(*proven)),
        (Sure::No, Sure::No) => "no stranger gets a token or a session".to_owned(),
        (Sure::No, _) => format!("it is unknown whether a stranger gets a {}", gain(*possible)),
    }
}

fn gain(best: Best) -> &'static str {
    match best.1 {
        Some(Gain::Session) => "session with the app",
        Some(Gain::User) => "user",
        Some(Gain::Account) => "account",
        Some(Gain::SignInName) => "sign-in name",
        Some(Gain::Token | Gain::MachineToken) | None => "token",
    }
}

/// An answer in a few words.
pub(in crate::report) fn short(answer: &Answer) -> String {
    match answer {
        Answer::Gets { proven, possible, token, .. } => {
            let most = range(*proven, *possible);
            match possible.1 {
                Some(Gain::Token) => most,
                _ if token.possible == Sure::No => most,
                // A token that is less sure than what is got otherwise.
                _ => {
                    let of = |sure| (sure, (sure > Sure::No).then_some(Gain::Token));
                    format!("{most}; {}", range(of(token.proven), of(token.possible)))
                }
            }
        }
        Answer::Seconds { proven, possible, .. } if proven == possible => duration(*proven),
        Answer::Seconds { proven: 0, possible, .. } => format!("unknown, at most {}", duration(*possible)),
        Answer::Seconds { proven, possible, .. } => {
            format!("at least {}, at most {}", duration(*proven), duration(*possible))
        }
        Answer::Names { proven, possible, .. } if proven == possible => list(proven),
        Answer::Names { proven, possible, .. } => {
            let more: Vec<String> = possible.iter().filter(|name| !proven.contains(name)).cloned().collect();
            match proven.is_empty() {
                true => format!("unknown, perhaps {}", list(&more)),
                false => format!("{}, perhaps {}", list(proven), list(&more)),
            }
        }
    }
}

fn range(proven: Best, possible: Best) -> String {
    match proven {
        _ if proven == possible => best(proven),
        (Sure::No, _) => format!("unknown, at most {}", best(possible)),
        _ => format!("at least {}, at most {}", best(proven), best(possible)),
    }
}

fn best((sure, gain): Best) -> String {
    match gain {
        None | Some(Gain::User | Gain::Account | Gain::SignInName) => sure.word().to_owned(),
        Some(gain) => format!("{} ({})", sure.word(), gain.word()),
    }
}

/// A time in days, hours, minutes and seconds.
pub(super) fn duration(seconds: i64) -> String {
    let parts = [
        (seconds / 86400, "d"),
        (seconds % 86400 / 3600, "h"),
        (seconds % 3600 / 60, "min"),
        (seconds % 60, "s"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n} {unit}")).collect();
    if parts.is_empty() { "none".to_owned() } else { parts.join(" ") }
}

/// An answer about users of the pool in a sentence, with how sure it is; `None` where it is no.
pub(super) fn threat(question: Question, answer: &Answer) -> Option<(&'static str, String)> {
    let (sure, what) = match answer {
        Answer::Gets { proven, possible, .. } if possible.0 > Sure::No => {
            let best = if proven.0 > Sure::No { *proven } else { *possible };
            (proven.0, gain(best).to_owned())
        }
        Answer::Seconds { proven, possible, reasons } if *possible > 0 => {
            let (sure, time) = lasting((*proven, *possible), &reasons.conditions);
            (sure, duration(time))
        }
        Answer::Gets { .. } | Answer::Seconds { .. } | Answer::Names { .. } => return None,
    };
    user_way(question).map(|way| (certainty_word(sure), way.sentence.replace("{what}", &what)))
}

/// How sure a time is, and the seconds to name.
pub(super) fn lasting((proven, possible): (i64, i64), conditions: &[Condition]) -> (Sure, i64) {
    match (proven, conditions.is_empty()) {
        (0, _) => (Sure::No, possible),
        (time, true) => (Sure::Yes, time),
        (time, false) => (Sure::Conditional, time),
    }
}

/// The way of somebody to the session, token or account of a user of the pool.
pub(super) struct UserWay {
    /// The position in the pictures.
    pub who: usize,
    pub how: &'static str,
    /// The answer, with `{what}` for the gain.
    sentence: &'static str,
}

/// The way that a question about users asks for. The questions about strangers have ways of their own.
pub(super) fn user_way(question: Question) -> Option<UserWay> {
    let (who, how, sentence) = match question {
        Question::PhoneOwner => (
            1,
            "reads the codes that the user gets by SMS",
            "the owner of a user's phone number gets a {what}",
        ),
        Question::MailReader => {
            (2, "reads the codes that the user gets by email", "a reader of a user's mail gets a {what}")
        }
        Question::LeakedAccessToken => {
            (3, "changes how the user signs in", "whoever finds an access token keeps the account")
        }
        Question::LeakedRefreshTokenSeconds => {
            (4, "refreshes it", "whoever finds a refresh token gets new tokens for {what}")
        }
        Question::DisabledAtProviderSeconds => (
            5,
            "refreshes the token of an earlier sign-in",
            "a user who is disabled at the provider gets in for {what} more",
        ),
        Question::StrangerUser
        | Question::StrangerToken
        | Question::StrangerTokenUnverified
        | Question::StrangerTokenSingleFactor
        | Question::ForeignEmail
        | Question::OverwritesAttributes
        | Question::ChoosesAttributes
        | Question::PublicClients => return None,
    };
    Some(UserWay { who, how, sentence })
}

/// No more names than these are in one line.
const NAMED: usize = 4;

pub(super) fn list(names: &[String]) -> String {
    match names.len() {
        0 => "none".to_owned(),
        number if number > NAMED => format!("{} and {} more", names[..NAMED].join(", "), number - NAMED),
        _ => names.join(", "),
    }
}

/// A journey in a sentence.
pub(super) fn journey(journey: &Journey) -> String {
    let through = match journey.how {
        How::Machine if journey.actor() == Actor::Stranger => String::new(),
        _ => format!(" through {}", list(&journey.clients)),
    };
    let who = who(journey.actor());
    format!("{who} gets {}{through}: {}", gets(journey.gets), steps(journey).join(", "))
}

pub(super) fn who(actor: Actor) -> &'static str {
    match actor {
        Actor::Stranger => "a stranger",
        Actor::OldDirectory => "a user of the old directory",
        Actor::ReadsMail => "a reader of a user's mail",
        Actor::ReadsSms => "the owner of a user's phone number",
        Actor::HoldsSecret => "a holder of a client's secret",
    }
}

pub(super) fn gets(gain: Gain) -> &'static str {
    match gain {
        Gain::Token => "a token",
        Gain::Session => "a session with the app",
        Gain::MachineToken => "a machine token",
        Gain::User => "a user",
        Gain::Account => "the account",
        Gain::SignInName => "the name that the user signs in with",
    }
}

/// The steps of a journey, one after the other.
pub(super) fn steps(journey: &Journey) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    let entrances: Vec<&str> = journey.entrances.iter().map(|one| entrance(*one)).collect();
    // `signs up by the API or in the app`.
    steps.push(entrances.join(" or ").replace(" or signs up", " or"));
    steps.extend(journey.proof.map(|proof| self::proof(proof).to_owned()));
    steps.extend(how(journey.how).map(str::to_owned));
    if journey.sure.possible == journey.single_factor.possible && journey.gets != Gain::MachineToken {
        steps.push("no second factor of the pool".to_owned());
    }
    steps
}

fn entrance(entrance: Entrance) -> &'static str {
    match entrance {
        Entrance::Api => "signs up by the API",
        Entrance::App => "signs up in the app",
        Entrance::Pages => "signs up on the sign-in pages",
        Entrance::OwnClient => "registers a client of their own",
        Entrance::Provider => "has an account at a provider that is open to everybody",
        Entrance::Exchange => "exchanges a token of a provider that is open to everybody",
        Entrance::Machine => "registers a machine client of their own",
        Entrance::MachineByToken => "registers a machine client of their own with a token of a user",
        Entrance::Migration => "is moved by the migration function",
        Entrance::Secret => "asks with client credentials",
        Entrance::AliasOfEmail => {
            "signs up with the email address and proves it, which takes it from the user"
        }
        Entrance::AliasOfPhone => {
            "signs up with the phone number and proves it, which takes it from the user"
        }
    }
}

fn proof(proof: Proof) -> &'static str {
    match proof {
        Proof::EmailCode => "proves an email address",
        Proof::PhoneCode => "proves a phone number",
        Proof::EmailCodeAtSignIn => "proves an email address when signing in",
        Proof::PhoneCodeAtSignIn => "proves a phone number when signing in",
        Proof::Function => "is confirmed by the pre sign-up function",
        Proof::Administrator => "is confirmed by an administrator",
    }
}

fn how(how: How) -> Option<&'static str> {
    match how {
        How::Password => Some("signs in with a password by the API"),
        How::Pages => Some("signs in on the sign-in pages"),
        How::Backend => Some("signs in through the backend"),
        How::Custom => Some("answers custom challenges"),
        How::CodeByEmail => Some("signs in with a code by email"),
        How::CodeBySms => Some("signs in with a code by SMS"),
        How::CodeOfSignUp => Some("signs in with the code of the sign-up"),
        How::Provider => Some("signs in there"),
        How::Exchange | How::Machine | How::Alias => None,
    }
}

/// How sure a journey is, as the first word of its line.
pub(super) fn certainty(journey: &Journey) -> &'static str {
    certainty_word(journey.sure.proven)
}

fn certainty_word(proven: Sure) -> &'static str {
    match proven {
        Sure::Yes => "open",
        Sure::Conditional => "if",
        Sure::No => "unknown",
    }
}
