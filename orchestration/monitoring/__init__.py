"""What Prometheus sees of the parts that have no `/metrics` of their own, and what it makes of all of them.

The process `monitor` looks at stores, Dagster and the platform's processes; `dashboards` and the rules in
`docs/monitoring` are what people see of it.
"""
