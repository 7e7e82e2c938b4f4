"""Every fact Podium can learn, as one closed union.

People's events come from a command; jobs' events carry the job that reports
them and are ignored when nobody waits for that job any more.  A job ends with
one terminal event; the others only tell how far it is.
"""

from typing import Annotated

from pydantic import Field, TypeAdapter

from podium.domain.events.ends import EndEvent
from podium.domain.events.people import PeoplesEvent
from podium.domain.events.progress import ProgressEvent

Event = Annotated[PeoplesEvent | ProgressEvent | EndEvent, Field(discriminator="kind")]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and writes events as JSON."""
