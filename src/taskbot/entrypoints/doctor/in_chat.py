"""`/doctor` in the chat of those who are told of trouble."""

from taskbot.adapters.telegram.examining import OperatorsDoctor
from taskbot.entrypoints.doctor.examinations import doctor_of_process
from taskbot.entrypoints.settings import Settings


def operators_doctor(settings: Settings) -> OperatorsDoctor | None:
    """None: nobody has said which chat that is."""
    chat_id = settings.alert_chat_id
    return None if chat_id is None else OperatorsDoctor(doctor_of_process(settings), chat_id)
