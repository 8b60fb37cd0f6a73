"""What all tables share: how constraints and indexes are called, and how names are sorted."""

from typing import Final

from sqlalchemy import MetaData, String

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Case folding lengthens some letters threefold. Sorted by code points everywhere, as the domain
# sorts: not by the alphabet that a server happened to be set up with.
BY_CODE_POINT: Final = String(150).with_variant(String(150, collation="C"), "postgresql")
