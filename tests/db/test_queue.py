"""The job queue: one job a key at a time, and nothing lost with the worker that died."""

# ruff: noqa: S608 - the names of the tables are our own

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from db.queue import JobQueue, make_queue

JOBS = "procrastinate_jobs"


@pytest.fixture
async def app(urls):
    app = make_queue(urls.worker)
    async with app.open_async():
        yield app


@pytest.fixture
def done(app):
    """What was done, in order."""
    done: list[str] = []

    async def note(*, what: str) -> None:
        done.append(what)

    app.task(name="note")(note)
    return done


@pytest.fixture
def queue(app, database, done):
    return JobQueue(app, database)


async def work(app) -> None:
    await app.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)


async def run_sql(database, statement: str) -> None:
    async with database.unscoped() as connection:
        await connection.execute(text("SET LOCAL search_path TO procrastinate"))
        await connection.execute(text(statement))


async def test_what_waits_is_not_enqueued_again(queue, app, done):
    assert await queue.enqueue("note", "one", {"what": "first"})
    assert not await queue.enqueue("note", "one", {"what": "second"})
    assert await queue.enqueue("note", "two", {"what": "third"})

    await work(app)

    assert done == ["first", "third"]


async def test_what_is_done_may_be_enqueued_anew(queue, app, done):
    await queue.enqueue("note", "one", {"what": "first"})
    await work(app)

    assert await queue.enqueue("note", "one", {"what": "second"})
    await work(app)
    assert done == ["first", "second"]


async def test_enqueued_by_many_at_once_it_is_enqueued_once(queue):
    enqueued = await asyncio.gather(
        *(queue.enqueue("note", "one", {"what": str(n)}) for n in range(8))
    )

    assert sum(enqueued) == 1


class TestMany:
    @pytest.fixture
    def jobs(self):
        return [("note", key, {"what": key}) for key in ("one", "two", "three")]

    async def test_are_enqueued_in_their_order(self, queue, app, done, jobs):
        await queue.enqueue_all(jobs)

        await work(app)
        assert done == ["one", "two", "three"]

    async def test_are_enqueued_but_for_those_that_wait(self, queue, app, done, jobs):
        await queue.enqueue("note", "two", {"what": "before"})
        await queue.enqueue_all(jobs)

        await work(app)
        assert done == ["before", "one", "three"]

    async def test_may_be_none(self, queue, app, done):
        await queue.enqueue_all([])

        await work(app)
        assert done == []


async def test_running_is_what_a_living_worker_is_at(queue, app):
    started, may_end = asyncio.Event(), asyncio.Event()

    @app.task(name="slow")
    async def slow() -> None:
        started.set()
        await may_end.wait()

    await queue.enqueue("slow", "one", {})
    worker = asyncio.create_task(work(app))
    await asyncio.wait_for(started.wait(), 10)

    assert await queue.running() == {"one"}

    may_end.set()
    await worker
    assert await queue.running() == frozenset()


class TestAJobOfADeadWorker:
    @pytest.fixture
    async def dead(self, queue, database):
        """A worker took the job, and was heard of last a minute ago."""
        await queue.enqueue("note", "one", {"what": "first"})
        await run_sql(
            database,
            "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat)"
            " VALUES (now() - interval '1 minute') RETURNING id)"
            f" UPDATE {JOBS} SET status = 'doing', worker_id = worker.id FROM worker",
        )

    async def test_is_not_running(self, dead, queue):
        assert await queue.running() == frozenset()

    async def test_is_done_by_another(self, dead, queue, app, done):
        assert await queue.retry_stalled() == 1

        await work(app)
        assert done == ["first"]

    async def test_is_given_back_once(self, dead, queue):
        await queue.retry_stalled()

        assert await queue.retry_stalled() == 0

    async def test_gives_way_to_the_same_work_that_waits_already(self, dead, queue, app, done):
        await queue.enqueue("note", "one", {"what": "planned again"})

        await queue.retry_stalled()

        await work(app)
        assert done == ["planned again"]
        assert await queue.retry_stalled() == 0

    async def test_is_given_back_once_when_two_look_at_the_same_time(self, dead, queue, app, done):
        await asyncio.gather(*(queue.retry_stalled() for _ in range(4)))

        await work(app)
        assert done == ["first"]


async def test_a_job_of_a_worker_that_was_forgotten_is_given_back(queue, app, done, database):
    await queue.enqueue("note", "one", {"what": "first"})
    await run_sql(database, f"UPDATE {JOBS} SET status = 'doing', worker_id = NULL")

    await queue.retry_stalled()

    await work(app)
    assert done == ["first"]
