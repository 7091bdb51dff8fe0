from __future__ import annotations

from game.authoring.schema import SCHEMA_FILE, level_schema, schema_text
from game.places import shipped
from game.plugins import load_registry

REGISTRY = load_registry(entry_points=False)


def test_the_schema_that_ships_is_the_one_that_is_made():
    # When this fails: draughty schema > assets/level.schema.json
    assert (shipped("assets") / SCHEMA_FILE).read_text(encoding="utf-8") == schema_text(REGISTRY)


def test_the_schema_knows_every_kind_with_its_options_and_every_goal():
    schema = level_schema(REGISTRY)
    kinds = {name for name in schema["$defs"] if name.startswith("channel-")}
    assert kinds == {f"channel-{kind}" for kind in REGISTRY.kinds}
    assert schema["$defs"]["channel-queue"] == {
        "additionalProperties": False,
        "description": REGISTRY.kinds["queue"].help,
        "properties": {
            "kind": {"const": "queue", "description": REGISTRY.kinds["queue"].help, "type": "string"},
            "maxsize": {
                "default": 0,
                "description": "How many items may be in the queue, out-trays included. 0: no limit.",
                "maximum": 1000,
                "minimum": 0,
                "type": "integer",
            },
            "wire": {
                "default": 0,
                "description": "How many items fit on the belt before porters have to wait: 1, 2, 4, 8, 16, "
                "32 or 64, as a real pipe can be made. 0: more than ever come.",
                "maximum": 64,
                "minimum": 0,
                "type": "integer",
            },
        },
        "required": ["kind"],
        "type": "object",
    }
    assert set(schema["properties"]["win"]["properties"]) == set(REGISTRY.goals)


def test_no_place_of_a_level_takes_unknown_keys():
    def open_places(schema: object, path: str = "") -> list[str]:
        if isinstance(schema, list):
            return [place for one in schema for place in open_places(one, path)]
        if not isinstance(schema, dict):
            return []
        found = [place for key, value in schema.items() for place in open_places(value, f"{path}/{key}")]
        described = "properties" in schema or "patternProperties" in schema
        return [path, *found] if described and schema.get("additionalProperties") is not False else found

    assert open_places(level_schema(REGISTRY)) == []
