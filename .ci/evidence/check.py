"""Checks the statement and the OSCAL of an evidence pack with the libraries of others: check.py DIRECTORY

Each library is shown something wrong, too, and has to refuse it. The statement is signed with a key that is made here, and
the envelope is written beside it.
"""
import hashlib
import json
import pathlib
import sys

WORK = pathlib.Path(sys.argv[1])
COUNTS = {"passed": 0, "failed": 0}


def holds(what, is_true):
    COUNTS["passed" if is_true else "failed"] += 1
    if not is_true:
        print(f"FAILED: {what}", file=sys.stderr)


def refused(what, call):
    try:
        call()
    except Exception:
        return holds(what, True)
    return holds(what, False)


def subjects():
    statement = json.loads((WORK / "statement.json").read_text())
    lines = (WORK / "pack" / "snapshot.jsonl").read_bytes().splitlines()[1:]
    for line, subject in zip(lines, statement["subject"], strict=True):
        document = line.split(b'"UserPool":', 1)[1][:-1]
        holds("a subject has the digest of its pool", hashlib.sha256(document).hexdigest() == subject["digest"]["sha256"])
        holds("a subject is called by the pool's ARN", json.loads(document).get("Arn", subject["name"]) == subject["name"])
    pack = hashlib.sha256((WORK / "pack.zip").read_bytes()).hexdigest()
    holds("the predicate has the digest of the pack", statement["predicate"]["pack"]["sha256"] == pack)


def attestation():
    from google.protobuf import json_format
    from in_toto_attestation.v1.statement import Statement
    from in_toto_attestation.v1 import statement_pb2

    def read(text):
        parsed = Statement.copy_from_pb(json_format.Parse(text, statement_pb2.Statement()))
        parsed.validate()
        return parsed

    text = (WORK / "statement.json").read_text()
    parsed = read(text)
    holds("in-toto reads the type of the predicate", parsed.pb.predicate_type.endswith("/cognito-lint/evidence/v1"))
    for change in [{"subject": []}, {"_type": "https://in-toto.io/Statement/v9"}, {"predicateType": ""}]:
        refused(f"in-toto refuses {change}", lambda: read(json.dumps(json.loads(text) | change)))


def signature():
    from securesystemslib.dsse import Envelope
    from securesystemslib.signer import CryptoSigner
    signer = CryptoSigner.generate_ed25519()
    envelope = Envelope((WORK / "statement.json").read_bytes(), "application/vnd.in-toto+json", {})
    envelope.sign(signer)
    envelope = Envelope.from_dict(json.loads(json.dumps(envelope.to_dict())))
    envelope.verify([signer.public_key], 1)
    holds("the signature of the statement is good", True)
    (WORK / "envelope.json").write_text(json.dumps(envelope.to_dict()))
    envelope.payload = envelope.payload.replace(b'"fail"', b'"pass"', 1)
    refused("securesystemslib refuses a changed statement", lambda: envelope.verify([signer.public_key], 1))


def oscal():
    from trestle.oscal.assessment_results import AssessmentResults
    json_of = json.loads((WORK / "pack" / "oscal.json").read_text())["assessment-results"]
    AssessmentResults(**json_of)
    holds("trestle reads the OSCAL of the pack", True)
    found = [one["target"]["target-id"] for one in json_of["results"][0].get("findings", [])]
    holds("the rule that fails is about a control of the catalogue", found == ["ia-5.1_smt"])
    wrong = dict(json_of)
    del wrong["results"]
    refused("trestle refuses it without results", lambda: AssessmentResults(**wrong))


# Without the library that signs, the statement itself is what is compared with the pack.
(WORK / "envelope.json").write_text((WORK / "statement.json").read_text())
for each in [subjects, attestation, signature, oscal]:
    try:
        each()
    except ImportError as error:
        print(f"warning: {each.__name__} is left out: {error}", file=sys.stderr)
print(f"{COUNTS['passed']} passed, {COUNTS['failed']} failed")
sys.exit(1 if COUNTS["failed"] else 0)
