using System.Globalization;

namespace Amnre.Jobs.Ownership;

/// <summary>What this process's user is called in messages and records.</summary>
public static class AccountName
{
    /// <summary>The number of a user without a name, as containers have them.</summary>
    public static string Ours => Environment.UserName is { Length: > 0 } name ? name : Owned.Us.ToString(CultureInfo.InvariantCulture);
}
