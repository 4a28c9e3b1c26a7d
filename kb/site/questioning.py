"""The pages of clinical questions: the list, and each with its answer and what is not stated."""

from __future__ import annotations

from typing import Any

from kb.answers import answer, numbered
from kb.site.rendering import as_data, missing, render, run
from kb.site.rulebook import served_queries, served_questions


async def questions_page(datasette: Any, request: Any) -> Any:
    """List the questions by who asks them."""
    groups: dict[str, list[Any]] = {}
    for each in served_questions().values():
        groups.setdefault(each.asked_by, []).append(each)
    return await render(
        datasette, request, "kb_questions.html", groups=groups, title="Clinical questions"
    )


async def question_page(datasette: Any, request: Any) -> Any:
    """Show a question's answer: quotes with their numbers and citations, and what is not stated."""
    name = request.url_vars["name"]
    question = served_questions().get(name)
    if question is None:
        return await missing(
            datasette, request, f"There is no question {name}; see /-/questions for all."
        )
    found = await run(datasette, lambda connection: answer(connection, question, served_queries()))
    if request.url_vars["form"]:
        return as_data(found)
    return await render(
        datasette,
        request,
        "kb_question.html",
        found=found,
        numbers=numbered(found["claims"]),
        asked=[(str(each), each.query, each.values) for each in question.answers],
        title=question.question,
    )
