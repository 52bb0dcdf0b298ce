//! "Did you mean": the candidates that look most like a name that was not found.

/// Up to three of `candidates`, the most similar to `name` first; only those similar enough to be a likely typo.
///
/// Case does not count. Similarity is Jaro-Winkler, which favours a common beginning, or containment.
pub fn nearest<S: AsRef<str>>(name: &str, candidates: impl IntoIterator<Item = S>) -> Vec<String> {
    let name = name.to_lowercase();
    let mut scored: Vec<(f64, String)> = candidates
        .into_iter()
        .map(|candidate| (similarity(&name, &candidate.as_ref().to_lowercase()), candidate.as_ref().to_owned()))
        .filter(|(score, _)| *score >= 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// The hint ``did you mean `a` or `b`?``, if anything is near.
pub fn did_you_mean<S: AsRef<str>>(name: &str, candidates: impl IntoIterator<Item = S>) -> Option<String> {
    let names: Vec<String> = nearest(name, candidates).into_iter().map(|name| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("did you mean {}?", names.join(" or ")))
}

fn similarity(name: &str, candidate: &str) -> f64 {
    let contained = name.len() >= 3 && candidate.contains(name) || candidate.len() >= 3 && name.contains(candidate);
    strsim::jaro_winkler(name, candidate).max(if contained { 0.8 } else { 0.0 })
}
