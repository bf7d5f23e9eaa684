"""Gives a pool and its client names that try to break out of every language that journeys are drawn in."""
import json
import sys

pool = json.load(sys.stdin)
pool["UserPool"]["Name"] = "a</svg><script>alert(1)</script>\"\n%%{init: {}}%%"
pool["UserPool"]["Clients"][0]["ClientName"] = "x\"];end --> \\\" \n</title></svg>&lt;`md`\\N]]>#quot;;click a href"
json.dump(pool, sys.stdout)
