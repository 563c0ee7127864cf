"""The helper package of the book: evidence, dosing, infusion, pharmacokinetics, outcomes, tables, plots."""
