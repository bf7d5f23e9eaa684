"""Whether each default of the schema is what the service model of the API says, by the quotes beside them."""

import json
import re
import sys

import botocore.session


def plain(text):
    """Documentation without its markup, and with single spaces."""
    text = re.sub(r"<[^>]+>", " ", text).replace("\u2019", "'")
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ([.,;:])", r"\1", text)


def sentence(model, source):
    """The documentation of a member of a shape; of an operation, the documentation of the operation."""
    name, member = source.split(".")
    if name in model["operations"]:
        return model["operations"][name].get("documentation")
    return model["shapes"].get(name, {}).get("members", {}).get(member, {}).get("documentation")


def main(file):
    model = botocore.session.get_session().get_component("data_loader").load_service_model("cognito-idp", "service-2")
    quoted, wrong = 0, []
    with open(file, encoding="utf-8") as text:
        defaults = json.load(text)
    for default in defaults:
        quote = default.get("quote")
        if quote is None:
            continue
        quoted += 1
        found = sentence(model, default["source"])
        if found is None:
            wrong.append(f"{default['path']}: the model has no {default['source']}")
        elif quote not in plain(found):
            wrong.append(f"{default['path']}: {default['source']} does not say: {quote}")
    if wrong or not quoted:
        sys.exit("\n".join(wrong) or "no default has a quote")
    print(f"the service model says what {quoted} of {len(defaults)} defaults quote from it")


main(sys.argv[1])
