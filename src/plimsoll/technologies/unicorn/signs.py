"""What unicorn is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("config/unicorn/*.rb", "unicorn.rb", "unicorn*.rb", "containers/app.yml"),
    programs=("unicorn", "unicorn_rails"),
    holds=r"^\s*(?:worker_processes|listen|timeout|preload_app|pid|working_directory|UNICORN_WORKERS)",
)
