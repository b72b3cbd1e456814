return await Amnre.Cli.AmnreCommand.RunAsync(args);
