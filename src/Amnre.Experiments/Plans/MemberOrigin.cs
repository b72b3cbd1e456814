namespace Amnre.Experiments.Plans;

/// <summary>Where a member of a swept or replicated section comes from.</summary>
/// <param name="Section">Name of the section in the file.</param>
/// <param name="Point">Name that the replicates of one point of the sweep share: the section's name where it has no sweep.</param>
/// <param name="Replicate">From 1; null where there is one training for each point.</param>
/// <param name="Values">What the sweep set, in its order.</param>
public sealed record MemberOrigin(string Section, string Point, int? Replicate, IReadOnlyList<SweptValue> Values);

/// <summary>A setting that a sweep set.</summary>
/// <param name="Path">Field, or field.keyword: <c>lr</c>, <c>model.hidden_size</c>.</param>
/// <param name="Text">As written.</param>
public sealed record SweptValue(string Path, string Text);
