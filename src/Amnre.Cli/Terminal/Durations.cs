namespace Amnre.Cli.Terminal;

/// <summary>How times are written for people: 0:07, 12:30, 3:05:00.</summary>
internal static class Durations
{
    public static string Text(TimeSpan time) => time.TotalHours >= 1
        ? $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}"
        : $"{(int)time.TotalMinutes}:{time.Seconds:00}";
}
