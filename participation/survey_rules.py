"""What the database itself refuses about surveys, whoever types it (common/database_rules.py puts the rules in place).

1. From the first answer on, the questionnaire stays as it is: questions, options, who may answer, address, begin, and what was
   said about the result. The survey stays public. A close and a published result are never undone, and the end then stays.
2. What was answered never changes and never goes. Only a free text can be erased, together with a decision that says why.
3. An answer fits its question: an option of it, a step of its scale, a text where one is asked for; one answer where one is.
4. Nobody answers a closed survey. Who took part is kept until it is over.
"""

from common.database_rules import Rule, register

from .database_rules import _differ

_FIXED = ("slug", "language", "mode", "starts_at", "results_visibility")
_QUESTION = ("survey_id", "sort_order", "kind", "text", "help", "is_required", "allows_other", "most_choices", "steps", "low_label", "high_label")
_STAYS = "the questionnaire stays as it is from the first answer on"
_NEVER = "an answer never changes"


def _answered(survey: str) -> str:
    return f"EXISTS (SELECT 1 FROM participation_surveyresponse r WHERE r.survey_id = {survey})"  # nosec B608 - our own constants


def _survey_of(question: str) -> str:
    return f"(SELECT q.survey_id FROM participation_surveyquestion q WHERE q.id = {question})"  # nosec B608 - our own constants


def _stays(table: str, event: str, when: str, *surveys: str) -> Rule:
    """Nothing of the questionnaire comes, changes or goes once somebody has answered."""
    return (table, event, when, " AND ".join(f"NOT {_answered(survey)}" for survey in surveys), _STAYS)


_QUESTIONS, _OPTIONS, _ANSWERS = "participation_surveyquestion", "participation_surveyoption", "participation_surveyanswer"
_OF_QUESTION = "FROM participation_surveyquestion q JOIN participation_surveyresponse r ON r.survey_id = q.survey_id WHERE q.id = NEW.question_id AND r.id = NEW.response_id"

register(
    {
        "survey_keeps_its_rules": (
            "participation_survey", "UPDATE", _differ(*_FIXED), f"NOT {_answered('OLD.id')}", "a survey keeps its rules from the first answer on",
        ),
        # A survey that was read in with its answers begins as a draft.
        "survey_stays_published": (
            "participation_survey", "UPDATE", "OLD.is_published AND NOT NEW.is_published", f"NOT {_answered('OLD.id')}", "a survey that was answered stays published",
        ),
        "survey_stays_closed": (
            "participation_survey", "UPDATE", "OLD.closed_at IS NOT NULL AND (" + _differ("closed_at", "ends_at") + ")", "FALSE", "a close is never undone",
        ),
        "survey_result_stays_published": (
            "participation_survey", "UPDATE", "OLD.results_published_at IS NOT NULL AND (" + _differ("results_published_at", "ends_at") + ")",
            "FALSE", "a published result never goes",
        ),
        "survey_question_stays": _stays(_QUESTIONS, "UPDATE", _differ(*_QUESTION), "OLD.survey_id", "NEW.survey_id"),
        "survey_question_comes_before_answers": _stays(_QUESTIONS, "INSERT", "TRUE", "NEW.survey_id"),
        "survey_question_never_goes": _stays(_QUESTIONS, "DELETE", "TRUE", "OLD.survey_id"),
        "survey_option_stays": _stays(_OPTIONS, "UPDATE", _differ("question_id", "sort_order", "text"), _survey_of("OLD.question_id"), _survey_of("NEW.question_id")),
        "survey_option_comes_before_answers": _stays(_OPTIONS, "INSERT", "TRUE", _survey_of("NEW.question_id")),
        "survey_option_never_goes": _stays(_OPTIONS, "DELETE", "TRUE", _survey_of("OLD.question_id")),
        "survey_response_comes_before_the_close": (
            "participation_surveyresponse", "INSERT", "TRUE",
            "EXISTS (SELECT 1 FROM participation_survey s WHERE s.id = NEW.survey_id AND s.closed_at IS NULL)", "a survey is answered before its close",
        ),
        "survey_response_never_changes": ("participation_surveyresponse", "UPDATE", "TRUE", "FALSE", _NEVER),
        "survey_response_never_goes": ("participation_surveyresponse", "DELETE", "TRUE", "FALSE", "an answer never goes"),
        "survey_participation_comes_before_the_close": (
            "participation_surveyparticipation", "INSERT", "TRUE",
            "EXISTS (SELECT 1 FROM participation_survey s WHERE s.id = NEW.survey_id AND s.closed_at IS NULL AND s.mode = 'account')",
            "a survey is answered before its close",
        ),
        # Only the contact can be forgotten, with the account.
        "survey_participation_is_no_others": (
            "participation_surveyparticipation", "UPDATE", _differ("id", "survey_id", "person_key") + " OR (NEW.contact_id {differs} OLD.contact_id AND NEW.contact_id IS NOT NULL)",
            "FALSE", "who took part never changes",
        ),
        "survey_participation_stays_until_the_end": (
            "participation_surveyparticipation", "DELETE", "TRUE",
            "EXISTS (SELECT 1 FROM participation_survey s WHERE s.id = OLD.survey_id AND (s.closed_at IS NOT NULL OR s.ends_at <= CURRENT_TIMESTAMP))",
            "who took part is kept until the survey is over, before that it never goes",
        ),
        "survey_answer_fits_its_question": (
            _ANSWERS, "INSERT", "TRUE",
            f"NEW.is_redacted = FALSE AND EXISTS (SELECT 1 {_OF_QUESTION} AND ("  # nosec B608 - our own constants
            "(NEW.option_id IS NOT NULL AND q.kind IN ('choice', 'multiple')"
            " AND EXISTS (SELECT 1 FROM participation_surveyoption o WHERE o.id = NEW.option_id AND o.question_id = q.id))"
            " OR (NEW.value IS NOT NULL AND q.kind = 'scale' AND NEW.value BETWEEN 1 AND q.steps)"
            " OR (NEW.text <> '' AND (q.kind = 'text' OR q.allows_other))))",
            "an answer only says what its question asks for",
        ),
        "survey_answer_of_a_single_choice_is_one": (
            _ANSWERS, "INSERT", "EXISTS (SELECT 1 FROM participation_surveyquestion q WHERE q.id = NEW.question_id AND q.kind = 'choice')",
            "NOT EXISTS (SELECT 1 FROM participation_surveyanswer a WHERE a.response_id = NEW.response_id AND a.question_id = NEW.question_id)",
            "only one answer where one is asked for",
        ),
        "survey_answer_comes_before_the_close": (
            _ANSWERS, "INSERT", "TRUE",
            "EXISTS (SELECT 1 FROM participation_surveyresponse r JOIN participation_survey s ON s.id = r.survey_id WHERE r.id = NEW.response_id AND s.closed_at IS NULL)",
            "a survey is answered before its close",
        ),
        "survey_answer_never_changes": (
            _ANSWERS, "UPDATE", "TRUE",
            "NOT (" + _differ("id", "response_id", "question_id", "option_id", "value") + ") AND ((NOT (" + _differ("text", "is_redacted") + "))"  # nosec B608 - our own constants
            " OR (NEW.text = '' AND NEW.is_redacted AND EXISTS (SELECT 1 FROM participation_surveytextdecision d WHERE d.answer_id = OLD.id AND d.kind = 'redacted')))",
            _NEVER,
        ),
        "survey_answer_never_goes": (_ANSWERS, "DELETE", "TRUE", "FALSE", "an answer never goes"),
        "survey_text_decision_is_about_a_text": (
            "participation_surveytextdecision", "INSERT", "TRUE",
            "EXISTS (SELECT 1 FROM participation_surveyanswer a WHERE a.id = NEW.answer_id AND a.option_id IS NULL AND a.value IS NULL)",
            "only a text is released or erased",
        ),
        "survey_text_decision_to_erase_stays": (
            "participation_surveytextdecision", "UPDATE", _differ("id", "answer_id") + " OR (OLD.kind = 'redacted' AND (" + _differ("kind", "reason", "decided_at") + "))"
            " OR (OLD.kind = 'redacted' AND NEW.decided_by_id {differs} OLD.decided_by_id AND NEW.decided_by_id IS NOT NULL)",
            "FALSE", "what was erased never comes back",
        ),
        "survey_text_decision_to_erase_never_goes": (
            "participation_surveytextdecision", "DELETE", "OLD.kind = 'redacted'", "FALSE", "the reason why a text was erased never goes",
        ),
    },
    never_emptied=("participation_surveyresponse", "participation_surveyanswer"),
)
