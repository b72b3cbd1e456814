namespace Amnre.Jobs.Artifacts;

/// <summary>Which texts may be paths inside the store.</summary>
internal static class StorePath
{
    /// <summary>Relative, with <c>/</c> between plain names: no <c>.</c> or <c>..</c>, no empty part, no control characters.</summary>
    public static bool IsSafe(string path) =>
        path.Length is > 0 and <= 1024
        && path.Split('/').All(part => part.Length > 0 && part is not ("." or "..") && !part.Any(c => char.IsControl(c) || c == '\\'));
}
