"""The JSON Schema of level files, for editors: completion, help and red lines while an author types.

Made from the same models the reader uses, with the kinds and goals of the registry filled in. The file
beside the shipped fonts and pictures is what levels point at; a test holds it equal to what is made here.
"""

from __future__ import annotations

import copy
import json
from typing import Any, Final

from game.goals import FAILURES
from game.level.document import LevelDocument, options_document
from game.plugins import Registry

SCHEMA_FILE: Final = "level.schema.json"

SPOT_PATTERN: Final = r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$"
"""belt.maxsize"""

_GIVEN: Final = {
    "description": "A channel (belt), one end of it (tube.a), another clerk (@bob), or a value.",
    "anyOf": [
        {"type": "string"},
        {"type": "integer"},
        {"type": "boolean"},
        {"type": "null"},
        {"type": "array"},
        {
            "type": "object",
            "properties": {"text": {"type": "string", "description": "A text as it stands, no channel."}},
            "required": ["text"],
            "additionalProperties": False,
        },
    ],
}


def level_schema(registry: Registry) -> dict[str, Any]:
    """The JSON Schema of a level, with every registered kind and goal."""
    schema = LevelDocument.model_json_schema()
    definitions, properties = schema["$defs"], schema["properties"]
    definitions["Given"] = _GIVEN
    channels = []
    for name, kind in sorted(registry.kinds.items()):
        options = options_document(kind).model_json_schema()
        definitions.update(options.pop("$defs", {}))
        definitions[f"channel-{name}"] = options
        channels.append({"$ref": f"#/$defs/channel-{name}"})
    built = {"type": "object", "required": ["kind"], "anyOf": channels}
    _values_of(properties["channels"], built)
    supply = definitions.pop("SupplyDocument")
    definitions["BuildDocument"]["properties"]["tray"] |= {
        "properties": {
            name: _supply(supply, definitions[f"channel-{name}"]) for name in sorted(registry.kinds)
        },
        "additionalProperties": False,
    }
    for answer in ("ReferenceDocument", "WrongDocument"):
        definitions[answer]["properties"]["parts"]["additionalProperties"] = built
    _values_of(definitions["ClerkDocument"]["properties"]["gets"], {"$ref": "#/$defs/Given"})
    properties["win"] |= {
        "properties": {
            name: {**goal.schema, "description": goal.help} for name, goal in sorted(registry.goals.items())
        },
        "additionalProperties": False,
    }
    definitions["CaseDocument"]["properties"]["sets"] |= {
        "propertyNames": {"pattern": SPOT_PATTERN},
        "additionalProperties": {"$ref": "#/$defs/Given"},
    }
    goals = {key: properties["win"][key] for key in ("properties", "additionalProperties")}
    definitions["CaseDocument"]["properties"]["win"]["anyOf"][0] |= goals
    definitions["SlotDocument"]["properties"]["options"]["items"] = {"$ref": "#/$defs/Given"}
    definitions["WrongDocument"]["properties"]["expect"] |= {
        "anyOf": [{"const": kind, "description": meaning} for kind, meaning in FAILURES.items()]
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": schema["title"],
        **_tidy(schema),
    }


def schema_text(registry: Registry) -> str:
    """The schema as the text of a file."""
    return json.dumps(level_schema(registry), indent=2, ensure_ascii=False) + "\n"


def _values_of(mapping: dict[str, Any], values: dict[str, Any]) -> None:
    """Says what the values of a mapping are, under what pydantic demands of its keys."""
    mapping["patternProperties"] = dict.fromkeys(mapping["patternProperties"], values)


def _supply(supply: dict[str, Any], channel: dict[str, Any]) -> dict[str, Any]:
    """What may stand under a kind in the tray: for each of its options, a list of what that may be."""
    made: dict[str, Any] = copy.deepcopy(supply)
    options = made["properties"]["options"]
    listed = next(iter(options.pop("patternProperties").values()))
    made["description"] = channel["description"]
    options["properties"] = {
        name: {
            **listed,
            "items": {key: value for key, value in option.items() if key != "default"},
            "description": option["description"],
        }
        for name, option in channel["properties"].items()
        if name != "kind"
    }
    options["additionalProperties"] = False
    return made


def _tidy(schema: Any) -> Any:
    """Without the titles pydantic makes up ("Maxsize" for maxsize), and with no key that fits no pattern."""
    match schema:
        case dict():
            told = {
                key: _tidy(value)
                for key, value in schema.items()
                if not (key == "title" and isinstance(value, str))
            }
            return told | {"additionalProperties": False} if "patternProperties" in told else told
        case list():
            return [_tidy(one) for one in schema]
        case _:
            return schema
