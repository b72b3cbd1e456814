namespace Amnre.Engine.Settings;

/// <summary>What a check of settings found: for each validation error the setting's name and a sentence that names the value and
/// the remedy.</summary>
internal static class SettingsErrors
{
    /// <exception cref="InputException">There are validation errors; its message holds all of them.</exception>
    public static void ThrowIfAny(this IReadOnlyList<(string Field, string Message)> errors, string what)
    {
        if (errors.Count > 0)
            throw new InputException(
                $"{what}: {string.Join("; ", errors.Select(error => $"{error.Field}: {error.Message}"))}");
    }
}
