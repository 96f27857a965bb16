"""What a merged project must still do: parse, and import what there is."""
