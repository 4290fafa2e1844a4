"""`firehose verify`: answers, policy and answer times of each region, saved as a proof."""
