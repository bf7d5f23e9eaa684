"""Checks reports with the validators that are installed: check.py TOOLS REPORTS

A validator that is not there is skipped. Each validator is shown a report that was made wrong, too, and has to refuse it.
"""
import csv
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys

TOOLS, REPORTS = (pathlib.Path(path).resolve() for path in sys.argv[1:])
# The last ones have some of the formats: a comparison, and a report of many pools.
NAMES = ["everything", "hostile", "files", "drift", "many"]
COUNTS = {"passed": 0, "failed": 0, "skipped": 0}


def text_of(name, ending):
    with open(REPORTS / f"{name}.{ending}", encoding="utf-8", newline="") as file:
        return file.read()


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=TOOLS)
    return done.returncode, done.stdout + done.stderr


def file_of(text, ending):
    path = REPORTS / f"wrong.{ending}"
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)
    return path


def ocsf():
    import jsonschema
    import ocsf_json_schema
    schema = ocsf_json_schema.OcsfJsonSchemaEmbedded(ocsf_json_schema.get_ocsf_schema(version="1.5.0"))
    schema = schema.get_class_schema(class_name="compliance_finding", profiles=["cloud"])
    validator = jsonschema.validators.validator_for(schema)(schema)

    def faults(text):
        events = json.loads(text)
        found = [f"{'/'.join(map(str, one.path))}: {one.message[:160]}" for event in events for one in validator.iter_errors(event)]
        return found + [f"type_uid is {event['type_uid']}" for event in events
                        if event["type_uid"] != event["class_uid"] * 100 + event["activity_id"]]

    def wrong(text):
        events = json.loads(text)
        events[0]["severity_id"] = 42
        return json.dumps(events)
    return "ocsf.json", faults, wrong


# The lengths that the documentation of BatchImportFindings names, and no model.
LENGTHS = {"Title": 256, "Description": 1024, "Id": 512, "GeneratorId": 512}


def deep(value, shape, at=""):
    """Enums, patterns and lengths of lists, which botocore's own validator leaves to the service."""
    limits = shape.metadata
    if shape.type_name == "structure":
        for key, inner in value.items():
            yield from deep(inner, shape.members[key], f"{at}.{key}") if key in shape.members else ()
    elif shape.type_name == "list":
        if len(value) > limits.get("max", len(value)):
            yield f"{at}: {len(value)} items, at most {limits['max']}"
        for index, inner in enumerate(value):
            yield from deep(inner, shape.member, f"{at}[{index}]")
    elif shape.type_name == "map":
        for key, inner in value.items():
            yield from deep(inner, shape.value, f"{at}.{key}")
    elif shape.type_name == "string":
        if limits.get("enum") and value not in limits["enum"]:
            yield f"{at}: {value!r} is not one of {limits['enum']}"
        if limits.get("pattern") and not re.search(limits["pattern"], value):
            yield f"{at}: {value!r} does not match {limits['pattern']}"


def asff():
    import botocore.session
    from botocore.validate import ParamValidator
    service = botocore.session.Session().get_service_model("securityhub")
    shape = service.operation_model("BatchImportFindings").input_shape

    def faults(text):
        found = []
        for line in text.splitlines():
            request = json.loads(line)
            report = ParamValidator().validate(request, shape)
            found += report.generate_report().split("\n") if report.has_errors() else []
            found += deep(request, shape)
            findings = request["Findings"]
            found += [f"{key}: longer than {most}" for one in findings for key, most in LENGTHS.items() if len(one[key]) > most]
            found += ["more than 240 KB" for one in findings if len(json.dumps(one)) > 240_000]
            found += ["no severity" for one in findings if not one.get("Severity", {}).get("Label")]
            if len({(one["AwsAccountId"], one["Region"]) for one in findings}) != 1:
                found.append("a request is about several accounts or Regions")
        return found

    def wrong(text):
        request = json.loads(text.splitlines()[0])
        request["Findings"][0]["Severity"]["Label"] = "dreadful"
        return json.dumps(request)
    return "asff.jsonl", faults, wrong


def oscal():
    from trestle.oscal.assessment_results import AssessmentResults

    def faults(text):
        try:
            AssessmentResults.model_validate(json.loads(text)["assessment-results"])
        except Exception as error:  # A fault of whatever kind.
            return str(error).splitlines()[:5]
        return []

    def wrong(text):
        document = json.loads(text)
        document["assessment-results"]["results"][0]["observations"][0]["uuid"] = "x"
        return json.dumps(document)
    return "oscal.json", faults, wrong


def sarif():
    found = list((TOOLS / "node_modules/@microsoft").glob("sarif-multitool-*/Sarif.Multitool"))
    if not found:
        raise ImportError("sarif-multitool")
    # The schema's address cannot be reached, rule ids are not of the form CA1234, and the tool has no home page.
    noise = {"SARIF2005", "SARIF2006", "SARIF2009", "SARIF2013"}

    def faults(text):
        result = REPORTS / "multitool.json"
        run(found[0], "validate", file_of(text, "sarif"), "--rule-kind", "Sarif;Gh", "--level", "Error;Warning",
            "--kind", "Fail", "--output", result, "--log", "ForceOverwrite")
        # Its exit code is 0 with errors too.
        log = json.loads(result.read_text(encoding="utf-8-sig"))["runs"][0]
        return [f"{one['ruleId']}: {json.dumps(one['message'])[:200]}" for one in log.get("results") or [] if one["ruleId"] not in noise]

    def wrong(text):
        log = json.loads(text)
        log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
        return json.dumps(log)
    return "sarif", faults, wrong


def junit():
    schema = TOOLS / "junit.xsd"
    if not schema.exists() or not shutil.which("xmllint"):
        raise ImportError("xmllint, or the XML schema of JUnit")

    def faults(text):
        # This attribute of the whole is of a later version of the schema.
        text = re.sub(r'(<testsuites [^>]*?) skipped="[0-9]+"', r"\1", text)
        code, said = run("xmllint", "--noout", "--schema", schema, file_of(text, "xml"))
        return said.splitlines()[:5] if code else []
    return "xml", faults, lambda text: text.replace("<testsuite ", "<waived/><testsuite ", 1)


def junit_as_read():
    from junitparser import JUnitXml

    def faults(text):
        suites = JUnitXml.fromstring(text.encode())
        cases = [case for suite in suites for case in suite]
        names = [(case.classname, case.name) for case in cases]
        return ([] if cases else ["no case"]) + [f"{name} is there twice" for name in names if names.count(name) > 1]
    return "xml", faults, lambda text: re.sub(r'(?s)<testcase .*</testcase>', "", text)


def gitlab():
    import jsonschema
    line = {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}
    issue = {
        "type": "object", "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1}, "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {"type": "object", "required": ["path", "lines"],
                         "properties": {"path": {"type": "string", "pattern": "^[^/]"}, "lines": line}},
        },
    }
    validator = jsonschema.Draft202012Validator({"type": "array", "items": issue})

    def wrong(text):
        issues = json.loads(text)
        issues[0]["severity"] = "dreadful"
        return json.dumps(issues)
    return "gl.json", lambda text: [one.message[:200] for one in validator.iter_errors(json.loads(text))], wrong


def gitlab_as_typed():
    """Code Climate's own format in the types that other tools are written against; GitLab reads some of its members."""
    compiler = TOOLS / "node_modules/typescript/bin/tsc"
    if not compiler.exists() or not (TOOLS / "node_modules/codeclimate-types").exists():
        raise ImportError("typescript, or codeclimate-types")
    types = """import type { Issue } from "codeclimate-types";
type Read = Required<Pick<Issue, "description" | "check_name" | "fingerprint" | "severity">>
  & { location: { path: Issue["location"]["path"]; lines: { begin: number } } };
export const report: Read[] = """

    def faults(text):
        source = TOOLS / "gitlab.ts"
        source.write_text(f"{types}{text.strip()};\n", encoding="utf-8")
        code, said = run("node", compiler, "--noEmit", "--strict", "--skipLibCheck", source)
        return said.splitlines()[:5] if code else []

    def wrong(text):
        issues = json.loads(text)
        issues[0]["check-name"] = issues[0].pop("check_name")
        return json.dumps(issues)
    return "gl.json", faults, wrong


def github():
    toolkit = TOOLS / "node_modules/@actions/core/lib/command.js"
    if not toolkit.exists():
        raise ImportError("@actions/core")
    script = pathlib.Path(__file__).resolve().with_name("commands.mjs")

    def faults(text):
        code, said = run("node", script, toolkit, file_of(text, "github"))
        return said.splitlines()[:5] or ["it is refused"] if code else []
    # A comma that is not escaped ends the value of a property.
    return "github", faults, lambda text: text.replace("title=", "title=a,b", 1)


def table():
    def faults(text):
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        return [f"a row of {len(row)} cells" for row in rows if len(row) != len(rows[0])] + [
            f"a formula: {cell}" for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r")]
    return "csv", faults, lambda text: text + "=1,\n"


def markdown():
    tool = TOOLS / "node_modules/.bin/markdownlint-cli2"
    if not tool.exists():
        raise ImportError("markdownlint-cli2")
    # Long lines, HTML of our own, and headings that are repeated or end with punctuation are meant.
    rules = {"default": True, **dict.fromkeys(["MD012", "MD013", "MD024", "MD026", "MD033", "MD034", "MD036", "MD038", "MD041", "MD060"], False)}
    settings = TOOLS / "cognito.markdownlint-cli2.jsonc"
    settings.write_text(json.dumps({"config": rules}))

    def faults(text):
        code, said = run(tool, "--config", settings, file_of(text, "md"))
        return [line for line in said.splitlines() if "MD" in line][:5] if code else []
    return "md", faults, lambda text: text + "\n| a | b |\n| --- | --- |\n| 1 | 2 | 3 |\n"


# The length of a comment that GitHub takes.
LONGEST_COMMENT = 65_536


def markdown_as_rendered():
    import cmarkgfm

    def faults(text):
        page = cmarkgfm.github_flavored_markdown_to_html(text)
        found = [f"{len(text)} characters"] if len(text) > LONGEST_COMMENT else []
        # A name with a line or a bar of its own would leave its cell, its item or its folded part.
        found += [f"{tag} is opened {page.count('<' + tag + '>')} times and closed {page.count('</' + tag + '>')} times"
                  for tag in ("details", "summary", "table", "li") if page.count(f"<{tag}>") != page.count(f"</{tag}>")]
        rows = [row for table in page.split("<table>")[1:] for row in table.split("</table>")[0].split("<tr>")[1:]]
        found += [f"an empty row: {row[:80]}" for row in rows if not re.search("<t[hd][ >]", row)]
        # Outside of code, these would mention a person, or act where the page is not filtered.
        bare = re.sub("<code>.*?</code>|<pre.*?</pre>", "", page, flags=re.DOTALL)
        return found + re.findall(r"(?<![\w/])@[A-Za-z][\w-]*|<script|<img", bare)[:5]
    return "md", faults, lambda text: text + "\n@octocat\n"


def json_by_its_schema():
    import jsonschema
    schema = json.loads(pathlib.Path("src/report/json/report.v1.schema.json").read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)

    def faults(text):
        found = kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(json.loads(text))
        return [f"{'/'.join(map(str, one.path))}: {one.message[:160]}" for one in found]
    return "json", faults, lambda text: text.replace('"version": 1', '"version": "1"', 1)


def html():
    tool = TOOLS / "node_modules/.bin/html-validate"
    if not tool.exists():
        raise ImportError("html-validate")
    off = ["doctype-style", "long-title", "void-style", "no-inline-style", "prefer-native-element", "no-trailing-whitespace",
           "no-raw-characters", "require-sri", "tel-non-breaking", "script-type", "attribute-boolean-style", "no-redundant-role"]
    settings = TOOLS / "cognito.htmlvalidate.json"
    settings.write_text(json.dumps({"extends": ["html-validate:recommended"], "rules": dict.fromkeys(off, "off")}))

    def faults(text):
        code, said = run(tool, "--config", settings, "--formatter", "text", file_of(text, "html"))
        return said.splitlines()[:8] if code else []
    return "html", faults, lambda text: text.replace("<main>", "<main><p><div></p>", 1)


def check(prepare):
    name = prepare.__name__
    try:
        ending, faults, wrong = prepare()
    except (ImportError, AttributeError) as missing:
        COUNTS["skipped"] += 1
        print(f"warning: {name} is skipped: {missing} is missing", file=sys.stderr)
        return
    for report in NAMES:
        if not (REPORTS / f"{report}.{ending}").exists() and report in ("drift", "many"):
            continue
        text = text_of(report, ending)
        found = list(faults(text))
        COUNTS["failed" if found else "passed"] += 1
        for fault in found[:8]:
            print(f"FAILED: {name}, {report}: {fault}", file=sys.stderr)
    refused = list(faults(wrong(text_of("everything", ending))))
    COUNTS["passed" if refused else "failed"] += 1
    if not refused:
        print(f"FAILED: {name}: a wrong report is not refused", file=sys.stderr)


for each in [sarif, junit, junit_as_read, gitlab, gitlab_as_typed, github, table, markdown, markdown_as_rendered,
             json_by_its_schema, html, ocsf, asff, oscal]:
    check(each)
print("formats against validators of others: {passed} passed, {failed} failed, {skipped} skipped".format(**COUNTS))
sys.exit(1 if COUNTS["failed"] else 0)
