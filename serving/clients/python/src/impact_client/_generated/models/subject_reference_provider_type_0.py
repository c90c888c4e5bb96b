from typing import Literal, cast

SubjectReferenceProviderType0 = Literal["buddy", "discord", "email", "kintell", "upskilling"]


def check_subject_reference_provider_type_0(value: str) -> SubjectReferenceProviderType0:
    # A value that a later version of the API has added is kept: an older client must not fail on it.
    return cast(SubjectReferenceProviderType0, value)
