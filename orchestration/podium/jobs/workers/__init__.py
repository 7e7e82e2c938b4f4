"""What plays a task: `port` is all that `work_task` knows of it, `loop` is our own agent loop."""
