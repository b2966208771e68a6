"""Attachable: a file or a note, and the documents that it belongs to."""

from __future__ import annotations

from qbo_emulator.entities.entity import Entity, EntityKind, Operation
from qbo_emulator.entities.fields import flag, known, many, obj, read_only, text, whole
from qbo_emulator.rules import attachments

__all__ = ["ATTACHABLE"]

_FIRST_REF = "json_extract(body, '$.AttachableRef[0].EntityRef.{}')"

ATTACHABLE = Entity(
    name="Attachable",
    kind=EntityKind.FILE,
    source="ABO attachable.md; JAVA JSONSerializerTest; XSD Attachable",
    operations=frozenset({Operation.CREATE, Operation.UPDATE, Operation.DELETE}),
    columns={
        "Id": "id",
        "AttachableRef.EntityRef.Type": _FIRST_REF.format("type"),
        "AttachableRef.EntityRef.value": _FIRST_REF.format("value"),
    },
    fields=(
        text("FileName", 1000).where(),
        text("Note", 2000).where(),
        text("Category", 100).where(),
        text("ContentType", 100),
        *read_only(whole("Size"), text("FileAccessUri"), text("TempDownloadUri")),
        many(
            "AttachableRef",
            obj("EntityRef", text("type"), text("value"), *known("name")),
            flag("IncludeOnSend"),
            *known("LineInfo NoRefOnly CustomField Inactive"),
        ),
        *known("Lat Long PlaceName Tag AttachableEx"),
        *read_only(*known("ThumbnailFileAccessUri ThumbnailTempDownloadUri")),
    ),
    rules=(attachments.something_to_keep, attachments.linked),
)
