namespace Amnre.Cli.Diagnosis;

internal enum Verdict
{
    Fine,

    /// <summary>Works, but not as it should.</summary>
    Doubtful,

    Broken,

    /// <summary>Not there, and not needed for everything.</summary>
    Absent,
}

/// <summary>What one check found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Said">What was found.</param>
/// <param name="Remedy">What to do about it; null when nothing needs doing.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Said, string? Remedy = null);
